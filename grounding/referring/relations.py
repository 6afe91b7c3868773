"""Expressions by a neighbour: the text field to the right of "Name", the icon above "Trash".

The neighbour's name can be read on the screen and is the only one there, and the target the nearest of its role on
that side, with a margin before the next. The gaps between all things of a screen are measured at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from grounding.referring.among import Among
from grounding.referring.things import Expression, Thing

FAR_PX: Final = 240
"""Farther apart than this is no neighbour."""
FAR_DOWN_PX: Final = 60
MARGIN_PX: Final = 8
NEAREST: Final = 6
"""So many neighbours of a thing are looked at."""
NO_GAP: Final = 1 << 20
"""Stands for two things of which one is not on that side of the other."""
Numbers = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]


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


class Neighbours:
    """By what each kept thing of a screen can be told: its nearest neighbour that serves."""

    def __init__(self, among: Among) -> None:
        self._among = among

    def by_neighbour(self, target: Thing) -> Iterator[Expression]:
        """At most one expression by a neighbour in each language, by the nearest that serves."""
        if not target.en or target.id not in self._serving:
            return
        side, anchor = self._serving[target.id]
        yield Expression(f'the {target.en} {side.en} "{anchor.name}"', "en", "relation")
        yield Expression(f"“{anchor.name}”{side.zh}的{target.zh}", "zh", "relation")

    @cached_property
    def _serving(self) -> dict[str, tuple[Side, Thing]]:
        """For the id of each kept thing the nearest neighbour that serves, and the side."""
        anchors = self._among.anchors
        if not anchors:
            return {}
        sides, rows, columns = self._nearest(anchors)
        serves = self._serve(anchors, sides, rows, columns)
        found: dict[str, tuple[Side, Thing]] = {}
        things = self._among.things
        for place in np.flatnonzero(serves).tolist():
            at = int(columns[place])
            found.setdefault(things[at].id, (SIDES[sides[place]], anchors[rows[place]]))
        return found

    @cached_property
    def _gaps(self) -> Numbers:
        """Pixels on each side (first) from each anchor (second) to each thing (third)."""
        boxes, ours = _edges(self._among.things), _edges(self._among.anchors)
        return np.stack([_gaps(side, ours[:, :, None], boxes[:, None, :]) for side in SIDES])

    def _nearest(self, anchors: Sequence[Thing]) -> tuple[Places, Places, Places]:
        """The nearest neighbours of each kept thing: sides, rows of the anchors, columns."""
        kept = [thing for thing in self._among.things if thing.kept]
        gaps = self._gaps[:, :, : len(kept)]
        words = _codes([t.folded for t in (*kept, *anchors)])
        own, theirs = words[: len(kept)], words[len(kept) :]
        sides, rows, columns = np.nonzero((gaps < NO_GAP) & (theirs[:, None] != own))
        ranks = np.argsort(sorted(range(len(anchors)), key=lambda row: anchors[row].id))
        order = np.lexsort((ranks[rows], sides, gaps[sides, rows, columns], columns))
        sides, rows, columns = sides[order], rows[order], columns[order]
        among_its_own = np.arange(len(columns)) - np.searchsorted(columns, columns)
        near = among_its_own < NEAREST
        return sides[near], rows[near], columns[near]

    def _serve(
        self, anchors: Sequence[Thing], sides: Places, rows: Places, columns: Places
    ) -> npt.NDArray[np.bool_]:
        """Whether the anchor is alone in its name, and no other of the role stands nearly as near."""
        things, named = self._among.things, self._among.named
        alone = np.array([named[anchor.folded] == 1 for anchor in anchors])
        roles = _codes([t.en for t in (*things, *anchors)])
        theirs, of_anchors = roles[: len(things)], roles[len(things) :]
        gaps = self._gaps[sides, rows]
        reach = self._gaps[sides, rows, columns] + MARGIN_PX
        near = ((gaps < reach[:, None]) & (theirs == theirs[columns][:, None])).sum(axis=1)
        at = {thing.id: place for place, thing in enumerate(things)}
        own = np.array([at[anchor.id] for anchor in anchors])[rows]
        itself = (of_anchors[rows] == theirs[columns]) & (self._gaps[sides, rows, own] < reach)
        serves: npt.NDArray[np.bool_] = alone[rows] & (near - itself == 1)
        return serves


def _codes(words: Sequence[str]) -> Places:
    """A number for each word, the same for the same."""
    known = {word: code for code, word in enumerate(dict.fromkeys(words))}
    return np.array([known[word] for word in words], np.intp)


def _edges(things: Sequence[Thing]) -> Numbers:
    """Left, top, right and bottom of each, a row each."""
    return np.array([t.box.as_list() for t in things], np.int32).reshape(-1, 4).T


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
