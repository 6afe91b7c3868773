"""Shares of what was counted, and the share before the gates from those on both sides of them."""

from __future__ import annotations

from collections.abc import Sequence


def share(part: int, whole: int) -> float | None:
    """A part of a whole, None where nothing was counted."""
    return round(part / whole, 4) if whole else None


def before(counts: Sequence[int], kept: float | None, dropped: float | None) -> float | None:
    """The share among all, from the shares of kept and dropped ones and how many there are of each."""
    if kept is None or dropped is None or not sum(counts):
        return kept if dropped is None else dropped
    return round((counts[0] * kept + counts[1] * dropped) / sum(counts), 4)
