"""Expressions by a neighbour: the text field to the right of "Name", the icon above "Trash".

The neighbour's name can be read on the screen and is the only one there, and the target the nearest of its role on
that side, with a margin before the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from grounding.referring.among import SIDES, Among
from grounding.referring.things import Expression, Thing

MARGIN_PX: Final = 8


def by_neighbour(target: Thing, among: Among) -> Iterator[Expression]:
    """At most one expression by a neighbour in each language, by the nearest that serves."""
    if not target.en:
        return
    for index, row in among.nearest.get(among.places[target.id], ()):
        anchor, side = among.anchors[row], SIDES[index]
        if among.named[anchor.folded] == 1 and _is_nearest(target, row, among, index):
            yield Expression(f'the {target.en} {side.en} "{anchor.name}"', "en", "relation")
            yield Expression(f"“{anchor.name}”{side.zh}的{target.zh}", "zh", "relation")
            return


def _is_nearest(target: Thing, row: int, among: Among, side: int) -> bool:
    """Whether no other of its role stands on that side as near, or nearly as near."""
    gaps, anchor = among.gaps[side][row], among.anchors[row]
    reach = int(gaps[among.places[target.id]]) + MARGIN_PX
    near = int(np.count_nonzero(gaps[among.columns[target.en]] < reach))
    itself = anchor.en == target.en and int(gaps[among.places[anchor.id]]) < reach
    return near - itself == 1
