"""The explorer that fills forms: groups of fields, fitting and wrong values, what came of it."""

from collector.explore.forms.explorer import Forms

__all__ = ["Forms"]
