"""Categories of samples, all of one shape: read, filter, dedup, make, validate.

A category is a package below this one with those five functions (see `base.Category`); the
registry loads it when a recipe names it.
"""

from __future__ import annotations

import importlib
from typing import Final, cast

from corpus.categories.base import Category
from infra.errors import NotFound

CATEGORIES: Final = ("agent", "caption", "interleaved", "text")


def load(name: str) -> Category:
    """The category of that name. Raises NotFound with the nearest."""
    if name not in CATEGORIES:
        raise NotFound.among("category", name, CATEGORIES)
    return cast("Category", importlib.import_module(f"corpus.categories.{name}"))
