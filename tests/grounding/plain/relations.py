"""Expressions by a neighbour: the text field to the right of "Name", the icon above "Trash".

The neighbour's name can be read on the screen and is the only one there, and the target the nearest of its role on
that side, with a margin before the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from envs.types import Box
from grounding.referring.things import Expression, Thing
from tests.grounding.plain.names import picks_only, quotable

FAR_PX: Final = 240
"""Farther apart than this is no neighbour."""
FAR_DOWN_PX: Final = 60
MARGIN_PX: Final = 8


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


def by_neighbour(target: Thing, among: list[Thing]) -> Iterator[Expression]:
    """At most one expression by a neighbour in each language, by the nearest that serves."""
    if not target.en:
        return
    near = sorted(
        (gap, index, anchor.id, anchor)
        for anchor in among
        if anchor.legible and quotable(anchor.name) and anchor.folded != target.folded
        for index, side in enumerate(SIDES)
        if (gap := _gap(anchor.box, target.box, side)) is not None
    )
    for _, index, _, anchor in near[:6]:
        side = SIDES[index]
        if _only_of_its_name(anchor, among) and _nearest(target, anchor, among, side):
            yield Expression(f'the {target.en} {side.en} "{anchor.name}"', "en", "relation")
            yield Expression(f"“{anchor.name}”{side.zh}的{target.zh}", "zh", "relation")
            return


def _only_of_its_name(anchor: Thing, among: list[Thing]) -> bool:
    return picks_only(lambda t: t.folded == anchor.folded, anchor, among)


def _gap(anchor: Box, box: Box, side: Side) -> int | None:
    """The pixels between a neighbour and a box on that side of it, None where it is not there."""
    if side.level:
        shared = min(anchor.bottom, box.bottom) - max(anchor.top, box.top)
        least = min(anchor.height, box.height)
        gap = box.left - anchor.right if side.sign > 0 else anchor.left - box.right
    else:
        shared = min(anchor.right, box.right) - max(anchor.left, box.left)
        least = min(anchor.width, box.width)
        gap = box.top - anchor.bottom if side.sign > 0 else anchor.top - box.bottom
    return gap if 2 * shared >= least and -2 <= gap <= side.far else None


def _nearest(target: Thing, anchor: Thing, among: list[Thing], side: Side) -> bool:
    """Whether no other of its role stands on that side as near, or nearly as near."""
    mine = _gap(anchor.box, target.box, side)
    if mine is None:
        return False
    others = (
        _gap(anchor.box, t.box, side)
        for t in among
        if t.en == target.en and t.id not in {target.id, anchor.id}
    )
    return all(gap is None or gap >= mine + MARGIN_PX for gap in others)
