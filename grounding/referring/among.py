"""What a referring expression chooses among, with what is asked of all things at once counted once.

A screen has some two hundred things and each kept one is compared with all others in several ways,
so counts are taken for the whole screen; so are outermost places and neighbours, by their own modules.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Final

from envs.types import Box
from grounding.referring.things import Thing

LONGEST_QUOTED: Final = 40


def quotable(name: str) -> bool:
    """Whether a name can stand between quotes in a sentence."""
    return 0 < len(name) <= LONGEST_QUOTED and not any(mark in name for mark in '"“”')


class Among:
    """The things of one screen; their ids differ."""

    def __init__(self, things: list[Thing], screen: Box) -> None:
        self.things, self.screen = things, screen
        self.named = Counter(t.folded for t in things)
        self.as_role = Counter((t.folded, t.en) for t in things)
        self.in_window = Counter((t.folded, t.en, t.window) for t in things)
        self.in_holder = Counter((t.folded, t.en, t.holder) for t in things)
        self.roles_in_window = Counter((t.en, t.window) for t in things)
        self.peers: dict[str, list[Thing]] = {}
        for thing in things:
            self.peers.setdefault(thing.en, []).append(thing)

    @cached_property
    def anchors(self) -> list[Thing]:
        """What a neighbour may be named by: what can be read and quoted."""
        return [t for t in self.things if t.legible and quotable(t.name)]
