"""What is done to programs of every toolkit, and how one sees in the tree that it happened.

A step is real input: keys and the pointer. Each kind of change has a claim about the program's
elements before and after it; a step whose claim never comes true did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from envs.actions import Action, Click, Drag, Hotkey, PathPoint, Press, Scroll, Write
from envs.types import Box, Element

Elements = Sequence[Element]
"""What one program shows."""
Act = Callable[[Elements], Sequence[Action]]
MOVED_PX: Final = 60
LINES: Final = "".join(f"line {number} of many\n" for number in range(24))


@dataclass(frozen=True, slots=True)
class Step:
    """One change: its kind, and the input that makes it."""

    kind: str
    act: Act


@dataclass(frozen=True, slots=True)
class Script:
    """A program, how it is opened, and the steps done to it, over and over.

    `app` is its name in the tree, `title` a part of its window's. Where `desktop_id` is empty it
    stands open already. `title_px` is from its window's box to the middle of the title bar.
    `tells_places` is False for a toolkit that knows nothing of the screen: there a step has
    happened when the picture changed.
    """

    toolkit: str
    app: str
    title: str
    steps: tuple[Step, ...]
    desktop_id: str = ""
    file: str = ""
    box: tuple[int, int, int, int] = (300, 120, 620, 420)
    tells_places: bool = True


def keys(kind: str, *pressed: str) -> Step:
    """Keys one after the other; `ctrl+n` is pressed together."""
    made = [Hotkey(tuple(key.split("+"))) if "+" in key else Press((key,)) for key in pressed]
    return Step(kind, lambda _elements: made)


def write(kind: str, role: str, text: str) -> Step:
    """Click into the largest element of that role and type."""
    return Step(kind, lambda elements: [Click(*_largest(elements, role).centre), Write(text)])


def click(kind: str, role: str, name: str = "", last: bool = False) -> Step:
    """Click on an element."""

    def act(elements: Elements) -> list[Action]:
        fitting = [e.box for e in elements if e.role == role and name in e.name and e.box]
        return [Click(*fitting[-1 if last else 0].centre)] if fitting else []

    return Step(kind, act)


def scroll(role: str, dy: int) -> Step:
    """Turn the wheel over the largest element of that role."""
    return Step("scroll", lambda elements: [Scroll(*_largest(elements, role).centre, dy=dy)])


def drag_window(title_px: int, dx: int, dy: int) -> Step:
    """Drag the window by its title bar."""

    def act(elements: Elements) -> list[Action]:
        box = _widest(tops(elements))
        return [_dragged(box.left + box.width // 3, box.top + title_px, dx, dy)]

    return Step("drag", act)


def _dragged(x: int, y: int, dx: int, dy: int) -> Drag:
    return Drag(tuple(PathPoint(x + dx * n // 4, y + dy * n // 4, 150 * n) for n in range(5)))


def tops(elements: Elements) -> list[Element]:
    """Windows and dialogs, whatever the toolkit calls them."""
    programs = {e.id for e in elements if e.parent is None}
    return [e for e in elements if e.parent in programs]


def _largest(elements: Elements, role: str) -> Box:
    return _widest([e for e in elements if e.role == role])


def _widest(elements: Elements) -> Box:
    boxes = [e.box for e in elements if e.box is not None]
    return max(boxes, key=lambda box: box.area) if boxes else Box(300, 300, 302, 302)


MOVE: Final = keys("move", "alt+f7", "down", "right", "enter")
MOVE_BACK: Final = keys("move", "alt+f7", "up", "left", "enter")
RESIZE: Final = keys("resize", "alt+f8", "down", "down", "right", "right", "enter")
RESIZE_BACK: Final = keys("resize", "alt+f8", "up", "up", "left", "left", "enter")


def windowing(title_px: int) -> tuple[Step, ...]:
    """What every window can have done to it."""
    dragged = drag_window(title_px, -MOVED_PX, 20), drag_window(title_px, MOVED_PX, -20)
    return MOVE, RESIZE, dragged[0], MOVE_BACK, RESIZE_BACK, dragged[1]


def happened(kind: str, before: Elements, after: Elements) -> bool:
    """Whether a change of that kind lies between the two."""
    return CLAIMS[kind](before, after)


def _moved(before: Elements, after: Elements) -> bool:
    return any(
        one != two and (one.width, one.height) == (two.width, two.height)
        for one, two in _windows(before, after)
    )


def _resized(before: Elements, after: Elements) -> bool:
    return any((a.width, a.height) != (b.width, b.height) for a, b in _windows(before, after))


def _windows(before: Elements, after: Elements) -> list[tuple[Box, Box]]:
    """Boxes of the windows that are in both."""
    was = {e.id: e.box for e in tops(before)}
    pairs = [(was.get(e.id), e.box) for e in tops(after)]
    return [(one, two) for one, two in pairs if one is not None and two is not None]


def _switched(before: Elements, after: Elements) -> bool:
    return _tabs(before) != _tabs(after)


def _tabs(elements: Elements) -> set[tuple[str, str, bool]]:
    """Tabs and which is selected, and what a tab list or a window is called by it."""
    roles = {"tab", "tablist", "window"}
    return {(e.id, e.name, "selected" in e.states) for e in elements if e.role in roles}


def _windows_came_or_went(before: Elements, after: Elements) -> bool:
    return {e.id for e in tops(before)} != {e.id for e in tops(after)}


LISTS: Final = frozenset({"list", "listitem", "combobox"})


def _menus_changed(before: Elements, after: Elements) -> bool:
    return _menus(before) != _menus(after)


def _menus(elements: Elements) -> set[tuple[str, frozenset[str]]]:
    marks = {"selected", "expanded", "focused"}
    return {(e.id, e.states & marks) for e in elements if e.role in LISTS or "menu" in e.role}


def _typed(before: Elements, after: Elements) -> bool:
    was = {e.id: e.value for e in before}
    return any(e.value != was.get(e.id, "") for e in after)


def _scrolled(before: Elements, after: Elements) -> bool:
    """A scroll bar's number or what lies in a view has moved, and the windows have not."""
    was = {e.id: (e.box, e.value) for e in before if e.role != "window"}
    moved = any(e.id in was and was[e.id] != (e.box, e.value) for e in after)
    came = {e.id for e in before} != {e.id for e in after}
    return (moved or came) and not _moved(before, after)


def _selected(before: Elements, after: Elements) -> bool:
    return _marked(before) != _marked(after)


def _marked(elements: Elements) -> set[tuple[str, frozenset[str]]]:
    marks = {"selected", "checked", "focused", "pressed", "expanded"}
    return {(e.id, e.states & marks) for e in elements}


CLAIMS: Final[dict[str, Callable[[Elements, Elements], bool]]] = {
    "move": _moved,
    "drag": _moved,
    "resize": _resized,
    "tab": _switched,
    "dialog": _windows_came_or_went,
    "menu": _menus_changed,
    "type": _typed,
    "scroll": _scrolled,
    "select": _selected,
}
