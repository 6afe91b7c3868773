"""The packer: samples of one category into sequences of a context's length, none split.

Samples come in their order by rank; each goes into the fullest open sequence that has room for it.
At most `WINDOW` sequences are open, so that memory and disorder are bounded.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from corpus.select import Pick

WINDOW: Final = 64


@dataclass(slots=True)
class Sequence:
    """Samples that fill one context together."""

    category: str
    picks: list[Pick] = field(default_factory=list)
    tokens: int = 0


def pack(category: str, picks: Iterable[Pick], context_tokens: int) -> Iterator[Sequence]:
    """Sequences of at most `context_tokens`; their fill is what best fit in a window can do."""
    rooms: list[tuple[int, int]] = []  # (room left, number), ordered: the fullest first
    opened: dict[int, Sequence] = {}
    for number, pick in enumerate(picks):
        need = pick.sample.tokens
        at = bisect_right(rooms, (need, -1))
        if at < len(rooms):
            room, name = rooms.pop(at)
        else:
            room, name = context_tokens, number
            opened[name] = Sequence(category)
        sequence = opened[name]
        sequence.picks.append(pick)
        sequence.tokens += need
        if room > need:
            insort(rooms, (room - need, name))
        else:
            yield opened.pop(name)
        if len(rooms) > WINDOW:
            _, fullest = rooms.pop(0)
            yield opened.pop(fullest)
    for name in sorted(opened):
        yield opened[name]
