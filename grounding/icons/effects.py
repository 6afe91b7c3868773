"""What pressing an icon did, in words, from what was on the screen before and after.

Only what can be named is told: a window, dialog or menu that came, a window that went, the element's
own state, another page. An effect that none of these is, is not told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from envs.types import Element
from grounding.scene import Node, Scene

ITEMS_SAID: Final = 3
ITEMS: Final = frozenset(
    ["menuitem", "menu-item", "menuitemcheckbox", "check-menu-item", "menuitemradio",
     "radio-menu-item", "option"]
)  # fmt: skip
STATES: Final = {
    "checked": ("is switched on", "is switched off", "变为打开状态", "变为关闭状态"),
    "pressed": ("is switched on", "is switched off", "变为打开状态", "变为关闭状态"),
    "expanded": ("unfolds", "folds up", "展开", "折叠"),
    "selected": ("is selected", "is no longer selected", "被选中", "不再被选中"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One effect in English and Chinese."""

    en: str
    zh: str


def told(before: Scene, after: Scene, element: Element) -> Told | None:
    """What pressing `element` did, the most telling first; None where it cannot be named.

    A window of another program counts only where its title or program says the element's name: on
    a busy machine what somebody started a while ago may come now.
    """
    return (
        _came(before, after, element)
        or _menu(before, after)
        or _page(before, after)
        or _went(before, after, element)
        or _state(after, element)
    )


def _came(before: Scene, after: Scene, element: Element) -> Told | None:
    """A window or dialog that is new, or shows something else."""
    had = Counter(top.key for top in _tops(before))
    for top in _tops(after):
        if had[top.key]:
            had[top.key] -= 1
        elif _own(top, element):
            old = before.nodes.get(top.id)
            if old is not None and old.name and top.kind == "window":
                return Told(f"leads to “{top.name}”", f"转到“{top.name}”")
            zh = "对话框" if top.kind == "dialog" else "窗口"
            return Told(f"opens the {top.kind} “{top.name}”", f"打开{zh}“{top.name}”")
    return None


def _went(before: Scene, after: Scene, element: Element) -> Told | None:
    """A window or dialog of the element's own program that is gone, where nothing came instead."""
    has = Counter(top.key for top in _tops(after))
    for top in _tops(before):
        if has[top.key]:
            has[top.key] -= 1
        elif top.app == element.app and top.id not in after.nodes:
            zh = "对话框" if top.kind == "dialog" else "窗口"
            return Told(f"closes the {top.kind} “{top.name}”", f"关闭{zh}“{top.name}”")
    return None


@dataclass(frozen=True, slots=True)
class Top:
    """A named window or dialog that shows."""

    id: str
    kind: str
    name: str
    app: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is recognised by."""
        return self.kind, self.name, self.app


def _own(top: Top, element: Element) -> bool:
    """Whether a window is of the element's program, or of the one that the element is named after."""
    if top.app == element.app:
        return True
    return bool(_words(top.name, top.app) & _words(element.name, element.description))


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W\d_]{4,}", text.casefold())}


def _tops(scene: Scene) -> Iterator[Top]:
    """The named windows and dialogs that show, tooltips and menus apart."""
    for node in scene.nodes.values():
        role = node.element.role
        if node.kind not in {"window", "popup"} or not node.name or role == "desktop-frame":
            continue
        if "tip" in role or "menu" in role or not _shows(node, scene):
            continue
        kind = "dialog" if "dialog" in role or "chooser" in role else "window"
        yield Top(node.id, kind, node.name, node.element.app)


def _menu(before: Scene, after: Scene) -> Told | None:
    """Items of a menu that were not to be seen before."""
    new = Counter(_items(after)) - Counter(_items(before))
    names = [name for name in dict.fromkeys(_items(after)) if name in new][:ITEMS_SAID]
    if len(new) < 2:
        return None
    en, zh = ", ".join(f"“{n}”" for n in names), "、".join(f"“{n}”" for n in names)
    return Told(f"opens a menu with {en}", f"打开包含{zh}的菜单")


def _items(scene: Scene) -> list[str]:
    return [
        node.name
        for node in scene.nodes.values()
        if node.element.role in ITEMS and node.name and _shows(node, scene)
    ]


def _shows(node: Node, scene: Scene) -> bool:
    return bool(node.box.area) and scene.is_showing(node.element)


def _page(before: Scene, after: Scene) -> Told | None:
    """A page of another title in the place of the one before."""
    if not after.tree.source.startswith("dom"):
        return None
    old, new = _title(before), _title(after)
    if not new or new == old:
        return None
    return Told(f"leads to the page “{new}”", f"转到页面“{new}”")


def _title(scene: Scene) -> str:
    return next((n.name for n in scene.nodes.values() if n.element.role == "document"), "")


def _state(after: Scene, element: Element) -> Told | None:
    """The element's own state."""
    now = after.nodes.get(element.id)
    if now is None or now.element.role != element.role:
        return None
    for state, (on, off, an, ab) in STATES.items():
        had, has = state in element.states, state in now.element.states
        if had != has:
            return Told(on if has else off, an if has else ab)
    return None
