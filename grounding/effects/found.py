"""The one thing that a step did, the most telling first; what cannot be named is told as less.

A window of another program counts only where its title or program says the pressed element's
name: on a busy machine what somebody started a while ago may come now. What was done to no element
was done to the program in front.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from envs.types import Element
from grounding import roles
from grounding.effects.shown import Shown, Top, said
from grounding.scene import Node

Kind = Literal[
    "opened", "leads", "closed", "menu", "menu_closed", "page", "on", "off", "selected",
    "unfolded", "folded", "holds", "emptied", "value", "tip", "renamed", "came", "went",
    "scrolled", "focus", "moved", "picture", "nothing", "refused",
]  # fmt: skip
NAMES: Final = 3
"""Most names that are told of one effect."""
SWITCHED: Final = (("checked", "on", "off"), ("pressed", "on", "off"), ("expanded", "unfolded", "folded"),
                   ("selected", "selected", "folded"))  # fmt: skip
SCROLLED_PX: Final = 8
SCROLLED_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Found:
    """What a step did.

    `names` are what it is about: the window's title, the menu's entries, the field's text. `what`
    is `dialog` or `window`, or the role of the element that changed, `subject` that one's name.
    `own` says that the element that changed is the one that was acted upon.
    """

    kind: Kind
    names: tuple[str, ...] = ()
    what: str = ""
    subject: str = ""
    own: bool = False
    way: str = ""
    """Where a view that scrolled went, `up` or `down`; `another` of a window like one before."""


def found(
    before: Shown, after: Shown, element: Element | None, *, did: bool = True, turns: bool = True
) -> Found:
    """What an applied step on `element` (None for none) did.

    `did` is the recording's own word. `turns` says that the action may have scrolled: after
    others what moved only made room.
    """
    if not did:
        return Found("nothing")
    for look in LOOKS:
        seen = look(before, after, element)
        if seen is not None and (turns or seen.kind != "scrolled"):
            return seen
    return Found("picture")


Look = Callable[[Shown, Shown, Element | None], Found | None]


def _opened(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """A window or dialog that is new, or shows something else."""
    for top in _more(after.tops, before.tops):
        if not _is_own(top, element, before.front):
            continue
        old = before.nodes.get(top.id)
        if old is None:
            again = "another" if any(t.key == top.key for t in before.tops) else ""
            return Found("opened", (top.name,), top.kind, way=again)
        if old.name and top.kind == "window" and not _is_touched_up(old.name, top.name):
            return Found("leads", (top.name,), top.kind)
    return None


def _is_touched_up(old: str, new: str) -> bool:
    """Whether a title only got or lost its mark of unsaved changes."""
    return re.sub(r"[^\w]+|\b(modified|unsaved)\b", "", old) == re.sub(
        r"[^\w]+|\b(modified|unsaved)\b", "", new
    )


def _menu(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """Entries of a menu that were not to be seen before."""
    new = Counter(after.items) - Counter(before.items)
    names = [n for app, n in dict.fromkeys(after.items) if (app, n) in new]
    if len(names) < 2:
        return None
    return Found("menu", tuple(names[:NAMES]), "menu", own=_holds(after, element, names))


def _holds(after: Shown, element: Element | None, names: list[str]) -> bool:
    """Whether the entries stand in the element that was pressed."""
    if element is None or element.id not in after.scene.nodes:
        return False
    return any(node.name in names for node in after.scene.descendants(element.id))


def _page(before: Shown, after: Shown, element: Element | None) -> Found | None:
    del element
    if not after.page or after.page == before.page:
        return None
    return Found("page", (after.page,), "page")


def _closed(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """A window or dialog that went: of the element's own program, else of the one in front."""
    for top in _more(before.tops, after.tops):
        if top.id not in after.nodes and top.app == (
            before.front if element is None else element.app
        ):
            return Found("closed", (top.name,), top.kind)
    return None


def _own_state(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """The state of the element that was acted upon."""
    del before
    now = None if element is None else after.nodes.get(element.id)
    if element is None or now is None or now.element.role != element.role:
        return None
    return _switched(element, now, own=True)


def _switched(old: Element, now: Node, *, own: bool) -> Found | None:
    for state, on, off in SWITCHED:
        had, has = state in old.states, state in now.element.states
        if had == has or (state == "selected" and not has):
            continue
        kind: Kind = on if has else off  # type: ignore[assignment]
        return Found(kind, what=old.role, subject=now.name, own=own)
    return None


def _field(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """A field whose text is another one: the one acted upon, the focused one, then any."""
    first = [element.id] if element is not None else []
    first += [after.focus.id] if after.focus is not None else []
    for key in dict.fromkeys((*first, *after.fields)):
        now, old = after.fields.get(key), before.fields.get(key)
        if now is None or old is None or now.element.value == old.element.value:
            continue
        kind: Kind = "holds" if now.element.value else "emptied"
        own = element is not None and key == element.id
        return Found(kind, (now.element.value,), now.element.role, now.name, own=own)
    return None


def _value(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """A slider or the like that stands elsewhere."""
    now = None if element is None else after.nodes.get(element.id)
    old = None if element is None else before.nodes.get(element.id)
    if now is None or old is None or now.kind != "control" or not now.element.value:
        return None
    if now.element.value == old.element.value:
        return None
    return Found("value", (now.element.value,), now.element.role, now.name, own=True)


def _other_state(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """The state of another element, where it is the only one that changed so."""
    seen = []
    for old, now in _changed(before, after):
        if old.element.role != now.element.role or not now.name or not _is_of(now, element):
            continue
        if now.kind == "control" and old.element.states != now.element.states:
            found = _switched(old.element, now, own=element is not None and element.id == now.id)
            seen += [found] if found is not None else []
    return seen[0] if len(seen) == 1 else None


def _tip(before: Shown, after: Shown, element: Element | None) -> Found | None:
    del element
    new = [tip for tip in after.tips if tip and tip not in before.tips]
    return Found("tip", (new[0],), "tooltip") if new else None


def _menu_closed(before: Shown, after: Shown, element: Element | None) -> Found | None:
    del element
    gone = Counter(before.items) - Counter(after.items)
    names = [n for app, n in dict.fromkeys(before.items) if (app, n) in gone]
    return Found("menu_closed", tuple(names[:NAMES]), "menu") if len(names) > 1 else None


def _renamed(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """One element that reads differently."""
    seen = [
        (old.name, now.name, now.element.role)
        for old, now in _changed(before, after)
        if old.name != now.name
        and old.name
        and now.name
        and _is_of(now, element)
        and after.said[now.element.role, now.name]
        and now.kind in {"text", "control", "image"}
    ]
    return Found("renamed", seen[0][:2], seen[0][2]) if len(seen) == 1 else None


def _scrolled(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """Most of what moved, moved by the same way up or down."""
    del element
    moved: Counter[int] = Counter()
    for old, now in _changed(before, after):
        if old.element.box is None or now.element.box is None:
            continue
        dy = now.element.box.top - old.element.box.top
        moved[dy] += now.element.box.left == old.element.box.left and now.kind != "window"
    del moved[0]
    if not moved.total():
        return None
    ((dy, count),) = moved.most_common(1)
    if abs(dy) < SCROLLED_PX or count < 4 or count < SCROLLED_SHARE * moved.total():
        return None
    return Found("scrolled", way="down" if dy < 0 else "up")


def _texts(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """Named things that came, or went where none came."""
    del element
    new, old = said(after.unlike(before)), said(before.unlike(after))
    came, went = new - old, old - new
    if came:
        return Found("came", _first(after, came))
    return Found("went", _first(before, went)) if went else None


def _first(shown: Shown, among: Counter[tuple[str, str]]) -> tuple[str, ...]:
    """The names to tell of many: in the order in which they are read."""
    nodes = sorted(
        (n for n in shown.nodes.values() if (n.element.role, n.name) in among),
        key=lambda n: (n.box.top // 16, n.box.left),
    )
    return tuple(dict.fromkeys(n.name for n in nodes))[: NAMES + 1]


def _focus(before: Shown, after: Shown, element: Element | None) -> Found | None:
    now, old = after.focus, before.focus
    if now is None or (old is not None and old.id == now.id):
        return None
    if roles.role_of(now.element.role).kind in {"container", "window", "popup"}:
        return None
    own = element is not None and element.id == now.id
    return Found("focus", what=now.element.role, subject=now.name, own=own)


def _moved(before: Shown, after: Shown, element: Element | None) -> Found | None:
    """A window in another place or of another size."""
    del element
    for top in after.tops:
        old = before.nodes.get(top.id)
        if old is not None and old.element.box != after.nodes[top.id].element.box:
            return Found("moved", (top.name,), top.kind)
    return None


LOOKS: Final[tuple[Look, ...]] = (
    _opened, _page, _menu, _closed, _own_state, _field, _value, _moved, _scrolled, _tip,
    _menu_closed, _other_state, _renamed, _texts, _focus,
)  # fmt: skip


def _changed(before: Shown, after: Shown) -> Iterator[tuple[Node, Node]]:
    """What shows before and after and is not the same: as it was, and as it is."""
    for now in after.unlike(before):
        old = before.nodes.get(now.id)
        if old is not None:
            yield old, now


def _more(tops: list[Top], than: list[Top]) -> Iterator[Top]:
    """The tops that the others do not have, one for one."""
    had = Counter(top.key for top in than)
    for top in tops:
        if had[top.key]:
            had[top.key] -= 1
        else:
            yield top


def _is_own(top: Top, element: Element | None, front: str) -> bool:
    """Whether a window is of the element's program, or of the one that the element is named after.

    Without an element it is of the program that was in front.
    """
    if element is None:
        return top.app == front
    if top.app == element.app:
        return True
    return bool(_words(top.name, top.app) & _words(element.name, element.description))


def _is_of(node: Node, element: Element | None) -> bool:
    """Whether a node is of the element's program: a panel's buttons follow what others do."""
    if element is None:
        return "panel" not in node.element.app.casefold()
    return node.element.app == element.app


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W\d_]{4,}", text.casefold())}
