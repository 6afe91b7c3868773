"""Cells: the samples of one source that a recipe cannot tell apart, which are solved for as one.

A recipe without quotas has a cell a source. One with a quota by language has a cell for each
language of each source, and so on; a cell knows its tokens and how many of them are pictures'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.traits import is_of


@dataclass(frozen=True, slots=True)
class Cell:
    """A source's samples of the same traits: how many tokens there are, and of pictures."""

    source: str
    category: str
    traits: Mapping[str, str] = field(default_factory=dict)
    tokens: int = 0
    image_tokens: int = 0

    def has(self, trait: str, value: str) -> bool:
        """Whether its samples are of that trait; of a taxonomy's node, or of one below it."""
        own = {"source": self.source, "category": self.category, **self.traits}
        return is_of(own.get(trait, ""), value)
