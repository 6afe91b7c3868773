"""What a referring expression chooses among, with what is asked of all things at once counted once.

A screen has some two hundred things and each kept one is compared with all others in several ways,
so counts, outermost places and the gaps between neighbours are worked out for the whole screen.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from envs.types import Box
from grounding.referring.things import Thing

LONGEST_QUOTED: Final = 40
FAR_PX: Final = 240
"""Farther apart than this is no neighbour."""
FAR_DOWN_PX: Final = 60
NO_GAP: Final = 1 << 20
"""Stands for two things of which one is not on that side of the other."""
Numbers = npt.NDArray[np.int32]


def quotable(name: str) -> bool:
    """Whether a name can stand between quotes in a sentence."""
    return 0 < len(name) <= LONGEST_QUOTED and not set('"“”') & set(name)


class Side(NamedTuple):
    """Where the target stands as seen from the neighbour."""

    en: str
    zh: str
    level: bool
    sign: int
    far: int


SIDES: Final = (
    Side("to the right of", "右侧", level=True, sign=1, far=FAR_PX),
    Side("to the left of", "左侧", level=True, sign=-1, far=FAR_PX),
    Side("below", "下方", level=False, sign=1, far=FAR_DOWN_PX),
    Side("above", "上方", level=False, sign=-1, far=FAR_DOWN_PX),
)


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

    @cached_property
    def gaps(self) -> list[Numbers]:
        """For each side the pixels from each anchor (rows) to each thing, `NO_GAP` where none."""
        boxes = _sides_of(self.things)
        ours = _sides_of(self.anchors)[:, :, None]
        return [_gaps(side, ours, boxes[:, None, :]) for side in SIDES]

    @cached_property
    def places(self) -> dict[str, int]:
        """The column of each thing in `gaps`."""
        return {thing.id: place for place, thing in enumerate(self.things)}

    @cached_property
    def columns(self) -> dict[str, npt.NDArray[np.intp]]:
        """The columns of all things of a role."""
        return {
            en: np.array([self.places[t.id] for t in peers], np.intp)
            for en, peers in self.peers.items()
        }

    @cached_property
    def nearest(self) -> dict[int, list[tuple[int, int]]]:
        """By a kept thing's column, its six nearest neighbours: (side, row), the nearest first."""
        kept = sum(t.kept for t in self.things)
        if not self.anchors or not kept:
            return {}
        gaps = np.stack([gap[:, :kept] for gap in self.gaps])
        words = {folded: code for code, folded in enumerate(self.named)}
        own = np.array([words[t.folded] for t in self.things[:kept]])
        theirs = np.array([words[t.folded] for t in self.anchors])
        sides, rows, columns = np.nonzero(
            (gaps < NO_GAP) & (theirs[:, None] != own[None, :])[None, :, :]
        )
        ranks = np.empty(len(self.anchors), np.intp)
        ranks[sorted(range(len(ranks)), key=lambda row: self.anchors[row].id)] = np.arange(
            len(ranks)
        )
        order = np.lexsort((ranks[rows], sides, gaps[sides, rows, columns], columns))
        found: dict[int, list[tuple[int, int]]] = {}
        triples = zip(
            columns[order].tolist(), sides[order].tolist(), rows[order].tolist(), strict=True
        )
        for column, side, row in triples:
            near = found.setdefault(column, [])
            if len(near) < 6:
                near.append((side, row))
        return found


def _sides_of(things: list[Thing]) -> Numbers:
    """Left, top, right and bottom of each, a row each."""
    sides = [t.box.as_list() for t in things]
    return np.array(sides, np.int32).reshape(-1, 4).T


def _gaps(side: Side, anchor: Numbers, box: Numbers) -> Numbers:
    """The gaps on one side, over all pairs."""
    along, across = (0, 1) if side.level else (1, 0)
    shared = np.minimum(anchor[across + 2], box[across + 2]) - np.maximum(
        anchor[across], box[across]
    )
    least = np.minimum(anchor[across + 2] - anchor[across], box[across + 2] - box[across])
    gap = box[along] - anchor[along + 2] if side.sign > 0 else anchor[along] - box[along + 2]
    stands = (2 * shared >= least) & (gap >= -2) & (gap <= side.far)
    return np.where(stands, gap, np.int32(NO_GAP))
