"""What is on top at a pixel: which window, by what AT-SPI lets one know, then its program's word.

AT-SPI does not tell how windows are stacked. What can be known: menus, tooltips and other
unmanaged windows are above all; a dialog or window that is active is above the others of its kind;
docks are above normal windows and the desktop is below them; what was activated later is above
what was activated earlier, since window managers raise what they activate. Where two windows that
were never seen active share a pixel nobody can say which is on top, and the answer is None. A
window kept above others by hand, or one that is active without being raised, is not noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from envs.tree import atspi
from envs.tree.atspi import ACTIVE, Key
from envs.tree.batches import Asked, Enquiry, Patience
from envs.tree.model import Node, Program
from envs.tree.panes import RIGHT, Panes, panes_of
from envs.tree.roles import DIALOGS, POPUPS
from envs.tree.units import in_units

Run = Callable[[dict[str, Asked]], set[str]]
Points = Sequence[tuple[int, int]]
DEEPEST: Final = 64
POPUP_KINDS: Final = frozenset(
    {"popup_menu", "popup-menu", "dropdown_menu", "dropdown-menu", "menu", "tooltip", "combo",
     "notification", "dnd"}
)  # fmt: skip
UNSEEN: Final = 1 << 20
"""The rank of a window that was never seen active."""


def ask(
    programs: Mapping[str, Program], points: Points, recent: Sequence[Key], run: Run
) -> list[Key | None]:
    """For each point the deepest node its window's program names there, None where unknown."""
    found: list[Key | None] = [None] * len(points)
    by_program: dict[str, list[tuple[int, Node]]] = {}
    for place, (x, y) in enumerate(points):
        window = top_window(programs, x, y, recent)
        if window is not None:
            by_program.setdefault(window.key[0], []).append((place, window))
    run(
        {
            bus: (_descend(programs, asked, points, found), _patience(programs[bus]))
            for bus, asked in by_program.items()
        }
    )
    return found


def _patience(program: Program) -> Callable[[], Patience]:
    return lambda: program.way.later


def top_window(
    programs: Mapping[str, Program], x: int, y: int, recent: Sequence[Key]
) -> Node | None:
    """The window on top at a pixel, None where there is none or no telling."""
    ranks = {key: place for place, key in enumerate(recent)}
    here = [
        (_layer(window), ranks.get(window.key, UNSEEN), window)
        for program in programs.values()
        for window in program.windows()
        if window.key[1] not in program.plugs and window.box and window.box.contains(x, y)
    ]
    here.sort(key=lambda found: found[:2])
    if not here:
        return None
    if len(here) > 1 and here[0][:2] == here[1][:2]:
        return _holder(here[0][2], here[1][2])
    return here[0][2]


def _holder(one: Node, other: Node) -> Node | None:
    """Of two popups of one program, the one made later; else there is no telling."""
    if one.key[0] != other.key[0] or _layer(one) > 0:
        return None
    return max((one, other), key=lambda node: (len(node.key[1]), node.key[1]))


def _is_held(programs: Mapping[str, Program], key: Key) -> bool:
    """Whether the tree has it: a program may name what it made for this question only."""
    program = programs.get(key[0])
    return program is not None and key[1] in program.nodes


def _inside(
    programs: Mapping[str, Program], panes: Mapping[str, Panes], key: Key, point: tuple[int, int]
) -> Key | None:
    """Where to ask on when a node names nothing in itself.

    A socket does not look into its plug, and where LibreOffice and GTK hold each other neither
    finds the other's widgets, since they disagree about places.
    """
    program = programs.get(key[0])
    node = program.nodes.get(key[1]) if program is not None else None
    if program is None or node is None or node.plug is not None:
        return node.plug if node is not None else None
    if not program.way.forgets_menu_bar:
        return None
    for child in reversed(program.below(key[1])):
        box = panes[key[0]].place(child)
        if child.shows and box is not None and box.contains(*point):
            return child.key
    return None


def _told(
    programs: Mapping[str, Program], panes: Mapping[str, Panes], key: Key, point: tuple[int, int]
) -> tuple[int, int]:
    """A pixel as the program of that node speaks of it."""
    x, y = panes.get(key[0], RIGHT).asked_at(key[1], *point)
    program = programs.get(key[0])
    return in_units(x, y, program.pixels if program is not None else 1.0)


def _layer(window: Node) -> int:
    """The higher, the lower down."""
    if window.kind in POPUP_KINDS or (window.role in POPUPS and window.kind in ("", "utility")):
        return 0
    if window.kind == "dock":
        return 1
    if window.states & ACTIVE:
        return 2
    if window.kind == "desktop":
        return 5
    return 3 if window.role in DIALOGS else 4


def _descend(
    programs: Mapping[str, Program],
    asked: list[tuple[int, Node]],
    points: Points,
    found: list[Key | None],
) -> Enquiry:
    """Ask every window, then what it names, and so on down, all points side by side."""
    panes = {bus: panes_of(program) for bus, program in programs.items()}
    at = {place: window.key for place, window in asked}
    going = set(at)
    for _level in range(DEEPEST):
        order = sorted(going)
        if not order:
            break
        answers = yield [
            atspi.at_point(at[place], *_told(programs, panes, at[place], points[place]))
            for place in order
        ]
        for place, answer in zip(order, answers, strict=True):
            child = atspi.first(answer)
            if child is None or child == at[place] or not _is_held(programs, child):
                child = _inside(programs, panes, at[place], points[place])
            if child is None:
                going.discard(place)
            else:
                at[place] = child
    for place, key in at.items():
        found[place] = key
