"""Keys that are safe to press, by what has the focus: none closes a program, prints or deletes."""

from __future__ import annotations

from typing import Final

Keys = tuple[str, ...]

ANYWHERE: Final[tuple[Keys, ...]] = (("tab",), ("shift", "tab"), ("esc",), ("f10",))
WINDOW: Final[tuple[Keys, ...]] = (
    ("ctrl", "f"), ("ctrl", "n"), ("ctrl", "o"), ("ctrl", "s"), ("f1",), ("f5",), ("f11",),
    ("ctrl", "="), ("ctrl", "-"), ("ctrl", "0"), ("ctrl", "a"), ("ctrl", "z"), ("alt", "space"),
)  # fmt: skip
TEXT: Final[tuple[Keys, ...]] = (
    ("ctrl", "a"), ("ctrl", "c"), ("ctrl", "x"), ("ctrl", "v"), ("ctrl", "z"), ("ctrl", "y"),
    ("home",), ("end",), ("ctrl", "home"), ("ctrl", "end"), ("shift", "end"), ("enter",),
    ("ctrl", "left"), ("ctrl", "right"), ("shift", "left"), ("shift", "down"), ("up",), ("down",),
    ("backspace",), ("delete",), ("ctrl", "shift", "left"), ("pagedown",), ("pageup",),
)  # fmt: skip
ITEMS: Final[tuple[Keys, ...]] = (
    ("up",), ("down",), ("down",), ("left",), ("right",), ("home",), ("end",), ("pagedown",),
    ("pageup",), ("space",), ("enter",), ("ctrl", "a"), ("shift", "down"), ("f2",),
)  # fmt: skip
VALUE: Final[tuple[Keys, ...]] = (("up",), ("down",), ("right",), ("left",), ("pageup",))
CONTROL: Final[tuple[Keys, ...]] = (("space",), ("enter",), ("tab",), ("left",), ("right",))
TERMINAL: Final[tuple[Keys, ...]] = (
    ("up",), ("enter",), ("ctrl", "l"), ("ctrl", "c"), ("ctrl", "a"), ("ctrl", "e"), ("ctrl", "u"),
)  # fmt: skip
PAGE: Final[tuple[Keys, ...]] = (
    ("pagedown",), ("pageup",), ("home",), ("end",), ("down",), ("tab",), ("shift", "tab"),
)  # fmt: skip
NEXT_WINDOW: Final[tuple[Keys, ...]] = (("alt", "tab"), ("alt", "tab"), ("alt", "esc"))


ITEM_ROLES: Final = frozenset(
    {"listitem", "treeitem", "option", "gridcell", "cell", "icon", "list", "listbox", "tree"}
    | {"table", "treegrid", "grid", "tree-table", "icon-view", "layered-pane", "tab", "tablist"}
)
TEXT_ROLES: Final = frozenset(
    {"textbox", "searchbox", "entry", "text", "document-text", "editor", "paragraph"}
)
BY_ROLE: Final[dict[str, tuple[Keys, ...]]] = {
    "terminal": TERMINAL,
    **dict.fromkeys(TEXT_ROLES, TEXT),
    **dict.fromkeys(("slider", "spinbutton", "scrollbar", "combobox"), VALUE),
    **dict.fromkeys(ITEM_ROLES, ITEMS),
}


def for_focus(role: str, family: str) -> tuple[Keys, ...]:
    """The keys that make sense where an element of that role has the focus; empty for no focus."""
    if role:
        return BY_ROLE.get(role, (*CONTROL, *ANYWHERE))
    return PAGE if family == "web" else (*ANYWHERE, *WINDOW)
