"""Places that programs tell wrong, put right: those of GTK 3's trees, and of LibreOffice under GTK.

LibreOffice's own toolkit measures from the top of the window's client area and, until its window has
been moved or resized, forgets the native menu bar above its root pane: everything it draws itself is
told too high by that much, while native widgets inside are told where they are. The pane's holder is
native and says where the pane really begins. The menu bar that the toolkit lists beside the native
one is not on the screen at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from envs.tree.expanders import told_too_far_right
from envs.tree.model import Node, Program
from envs.tree.roles import ATSPI
from envs.types import Box
from infra.limits import TREE_DEPTH

ROOT_PANE: Final = ATSPI.index("root-pane")
MENU_BAR: Final = ATSPI.index("menu-bar")
NONE: Final = (0, 0)


@dataclass(slots=True)
class Panes:
    """By object path: how far a node is told wrong, and which are told and are nowhere."""

    shifts: dict[str, tuple[int, int]] = field(default_factory=dict)
    nowhere: set[str] = field(default_factory=set)

    def place(self, node: Node) -> Box | None:
        """Where a node is."""
        if node.box is None or node.key[1] in self.nowhere:
            return None
        dx, dy = self.shifts.get(node.key[1], NONE)
        return _moved(node.box, dx, dy) if dx or dy else node.box

    def asked_at(self, path: str, x: int, y: int) -> tuple[int, int]:
        """The pixel to name to a node when that at (x, y) is meant."""
        dx, dy = self.shifts.get(path, NONE)
        return x - dx, y - dy


RIGHT: Final = Panes()
"""Nothing is told wrong."""


def panes_of(program: Program) -> Panes:
    """What to put right in a program."""
    if program.way.shifts_expanders:
        cells = told_too_far_right(program)
        return Panes({node.key[1]: (-pixels, 0) for node, pixels in cells})
    if not program.way.forgets_menu_bar:
        return RIGHT
    panes = Panes()
    for window in program.windows():
        pending = [(window, NONE, 0)]
        while pending:
            node, shift, depth = pending.pop()
            if shift != NONE:
                panes.shifts[node.key[1]] = shift
            if is_unseen(program, node):
                panes.nowhere.update(below.key[1] for below in program.under(node.key[1]))
            elif depth < TREE_DEPTH:
                pending.extend(
                    (child, _shift(node, child, shift), depth + 1)
                    for child in program.below(node.key[1])
                )
    return panes


def is_unseen(program: Program, node: Node) -> bool:
    """Whether a node is a menu bar in whose place the native one shows."""
    if not program.way.forgets_menu_bar or node.role != MENU_BAR or not _in_pane(program, node):
        return False
    bars = (other for other in program.nodes.values() if other.role == MENU_BAR and other.shows)
    return any(not _in_pane(program, bar) for bar in bars)


def _in_pane(program: Program, node: Node) -> bool:
    holder = program.holder(node)
    return holder is not None and holder.role == ROOT_PANE


def _shift(parent: Node, child: Node, shift: tuple[int, int]) -> tuple[int, int]:
    """How far `child` is told wrong, its parent being told wrong by `shift`."""
    if parent.box is None or child.box is None:
        return shift
    alike = (parent.box.width, parent.box.height) == (child.box.width, child.box.height)
    if child.role == ROOT_PANE and alike:
        return parent.box.left - child.box.left, parent.box.top - child.box.top
    if shift != NONE and child.box == _moved(parent.box, *shift):
        return NONE  # a native widget fills its holder, and says where that really is
    return shift


def _moved(box: Box, dx: int, dy: int) -> Box:
    return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)
