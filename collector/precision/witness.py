"""What a program's own events say about an element that was just pressed: the rules of the witness.

`grounding/README.md` has them in words, and which of them were mended after a lot was looked at.
Events come from the accessibility bus, which no gate listens to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from envs.tree.events import Told
from envs.types import Box, Element
from grounding import roles
from grounding.scene import CLIPPING

Word = Literal["named", "other", "elsewhere", "silent"]
BEGUN: Final = frozenset({"focused", "selected", "pressed", "armed", "checked"})
"""States that a pointer gives to what it hits."""
TURNED: Final = frozenset({"checked", "pressed", "expanded", "selected"})
"""States that a press also takes away from what it hits."""
ACTED: Final = frozenset({"pressed", "armed", "checked"})
"""Those that only a hit gives, even when the button is up again."""
CARET: Final = frozenset({"TextCaretMoved", "TextSelectionChanged"})
CELLS: Final = frozenset({"cell", "gridcell", "treeitem", "tree-item", "table-cell", "row"})
TABS: Final = frozenset({"tablist", "page-tab-list"})
BOX: Final = "combobox"
FAR_PX: Final = 100
"""So far from the pointer nothing of a window was hit, unless it scrolls with what was meant."""
ACTIVATED: Final = "WindowActivate"
SPOKEN: Final = CARET | {"StateChanged", "ActiveDescendantChanged", ACTIVATED}
"""Events that say anything here; a file dialog renames its pane without end."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """Whether the program named the element, something else that showed before, or nothing.

    `elsewhere`: only what cannot have been hit, so that it tells what the press did.
    """

    word: Word
    named: tuple[str, ...] = ()
    """Ids of what it named instead."""


def testimony(
    element: Element,
    told: Sequence[Told],
    later: Sequence[Told],
    before: Mapping[str, Element],
    after: Mapping[str, Element],
    last: Element | None,
) -> Testimony:
    """What the events say about `element`: since the pointer came, and since the button was let go.

    `before` and `after` are the trees around the press, by id. `last` was pressed before it, and
    neither it nor the box whose list it is in says anything of this press: that list may still be
    open, and hand the box the focus when it closes.
    """
    known = {**before, **after}
    if any(is_of(subject, element, known) for subject in _about((*told, *later))):
        return Testimony("named")
    others = tuple(
        one
        for one in dict.fromkeys(_hit(element, told, later, before, after))
        if last is None or not _is_past(one, last, known)
    )
    if not others:
        return Testimony("silent")
    far = all(_is_far(before[one], element, before) for one in others)
    return Testimony("elsewhere" if far else "other", others)


def _is_past(other: str, last: Element, known: Mapping[str, Element]) -> bool:
    holders = _above(last.id, {last.id: last, **known})
    boxes = (one for one in holders if one in known and known[one].role == BOX)
    return is_of(other, last, known) or other in boxes


def _is_far(other: Element, element: Element, known: Mapping[str, Element]) -> bool:
    """Whether what was named cannot be what the pointer hit where the element was told to be.

    A toolkit that tells places wrong tells them wrong by a bar's height, or all in one scrolled
    container by as much; it must be far away, and in no such container with the element.
    """
    if element.box is None or other.box is None or other.window != element.window:
        return False
    scrolled = {one for one in _above(element.id, known) if _scrolls(known.get(one))}
    if not scrolled.isdisjoint(_above(other.id, known)):
        return False
    return _gap(other.box, element.box.centre) > FAR_PX


def _scrolls(holder: Element | None) -> bool:
    if holder is None or roles.role_of(holder.role).kind in {"window", "popup"}:
        return False
    return holder.role in CLIPPING


def _gap(box: Box, point: tuple[int, int]) -> int:
    """Pixels from a point to the nearest side of a box; 0 inside."""
    x, y = point
    return max(box.left - x, x - box.right, box.top - y, y - box.bottom, 0)


def is_of(subject: str, element: Element, known: Mapping[str, Element]) -> bool:
    """Whether an event's subject is the element, in it, its reach, or a cell of its row."""
    if subject == element.id or element.id in _above(subject, known):
        return True
    if subject == _reach(element, known):
        return True
    other = known.get(subject)
    return other is not None and _in_one_row(element, other)


def _about(told: Iterable[Told]) -> Iterator[str]:
    """What all events that a hit can cause are about."""
    for one in told:
        if one.member == "StateChanged":
            if (one.on and one.detail in BEGUN) or one.detail in TURNED:
                yield one.source
        elif one.member == "ActiveDescendantChanged" and one.about:
            yield one.about
        elif one.member in CARET:
            yield one.source


def _hit(
    element: Element,
    told: Sequence[Told],
    later: Sequence[Told],
    before: Mapping[str, Element],
    after: Mapping[str, Element],
) -> Iterator[str]:
    """What else, of what showed before, was activated or given a state that a hit gives.

    What came with the press is its effect, and so is what was chosen, focused or activated once the
    button was up: programs do that to what is hit when it goes down. What the element stands in says
    no more than that it was hit somewhere, and so do the tabs of the page it stands on, to which Qt
    hands the focus that a page cannot take. An activated window takes the focus along and checks
    its button on the panel, wherever it was hit; but it must be the element's own, unless that
    is gone and leaves the turn to another.
    """
    activated = [one.source for one in told if one.member == ACTIVATED]
    own = {element.id, *_above(element.id, before)}
    own |= {other.id for other in before.values() if other.role in TABS and other.parent in own}
    if element.id in after:
        yield from (window for window in activated if window in before and window not in own)
    acted = [one for one in later if one.member == "StateChanged" and one.detail in ACTED]
    has_turned = any(one.member == ACTIVATED for one in (*told, *later))
    taken_along = {"focused", "checked"} if has_turned else set()
    elsewhere = before.keys() - own
    for one in (*told, *acted):
        if one.member == "StateChanged" and one.on and one.detail in BEGUN - taken_along:
            yield from {one.source} & elsewhere
        elif one.member == "ActiveDescendantChanged" and not activated:
            yield from {one.about} & elsewhere


def _reach(element: Element, known: Mapping[str, Element]) -> str:
    """The nearest thing around one that cannot be pressed itself, if that can be; else empty."""
    if roles.role_of(element.role).kind in {"control", "field"}:
        return ""
    for above in _above(element.id, known):
        holder = known.get(above)
        if holder is None or roles.role_of(holder.role).kind in {"window", "popup"}:
            return ""
        if roles.role_of(holder.role).kind in {"control", "field"}:
            return above
    return ""


def _in_one_row(one: Element, other: Element) -> bool:
    """Whether both are cells of one line of one table: a row speaks through one of its cells."""
    if one.parent != other.parent or not {one.role, other.role} <= CELLS:
        return False
    if one.box is None or other.box is None:
        return False
    shared = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    return 2 * shared > min(one.box.height, other.box.height)


def _above(element_id: str, known: Mapping[str, Element]) -> Iterator[str]:
    at = known.get(element_id)
    seen: set[str] = set()
    while at is not None and at.parent is not None and at.parent not in seen:
        seen.add(at.parent)
        yield at.parent
        at = known.get(at.parent)
