"""Cells beside the expanders of GTK 3's trees, put right.

GTK 3 tells a cell of a tree's expander column too far right by an expander's size and gap, whether
its row has an expander or not. Lists, of which no row can be expanded, are told right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from envs.tree.atspi import BITS
from envs.tree.model import Node, Program
from envs.tree.roles import ATSPI

TREE: Final = ATSPI.index("tree-table")
CELL: Final = ATSPI.index("table-cell")
EXPANDABLE: Final = BITS["expandable"]
EXPANDER_PX: Final = 18
"""GTK's own size of an expander, 14, and the gap of 4 that is counted with it."""


def told_too_far_right(program: Program) -> Iterator[tuple[Node, int]]:
    """Each cell that is told wrong, and by how many pixels."""
    pixels = round(EXPANDER_PX * program.pixels)
    for tree in program.nodes.values():
        if tree.role == TREE and tree.shows:
            for first in _firsts(program, tree):
                yield from ((node, pixels) for node in program.under(first.key[1]))


def _firsts(program: Program, tree: Node) -> Iterator[Node]:
    """The first cell of each row, where any of them can be expanded."""
    rows: dict[int, Node] = {}
    for cell in program.below(tree.key[1]):
        if cell.role == CELL and cell.box is not None:
            first = rows.setdefault(cell.box.top, cell)
            if first.box is not None and cell.box.left < first.box.left:
                rows[cell.box.top] = cell
    if any(first.states & EXPANDABLE for first in rows.values()):
        yield from rows.values()
