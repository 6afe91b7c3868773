"""Scripted goals with a check of success: data, intents, and the explorer that plays them."""

from collector.explore.tasks.explorer import Tasks

__all__ = ["Tasks"]
