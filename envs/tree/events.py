"""What a signal changes in the mirror: a bit, a node more or less, or only a doubt.

No signal is believed about a place: whatever may have moved is asked again. A signal of another
shape than AT-SPI's, or from a program or a node that is not held, changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from envs.tree import atspi
from envs.tree.atspi import (
    BITS,
    CACHE,
    DEFUNCT,
    FOCUSED,
    ICONIFIED,
    ITEM,
    PATH_CHARS,
    ROOT_PATH,
    SHOWN,
    Key,
)
from envs.tree.dbus_message import Message
from envs.tree.dbus_wire import Cursor, Variant, unmarshal
from envs.tree.elements import identify
from envs.tree.model import Node, Program
from envs.tree.roles import SCROLL_BAR
from infra.errors import HostileInput
from infra.limits import TREE_NODES

EVENT: Final = "org.a11y.atspi.Event."
OBJECT: Final = EVENT + "Object"
WINDOW: Final = EVENT + "Window"
REGISTERED: Final = (
    "object:state-changed",
    "object:children-changed",
    "object:property-change",
    "object:bounds-changed",
    "object:text-changed",
    "object:visible-data-changed",
    "object:model-changed",
    "object:row-inserted",
    "object:row-deleted",
    "object:row-reordered",
    "object:column-inserted",
    "object:column-deleted",
    "object:column-reordered",
    "object:selection-changed",
    "object:active-descendant-changed",
    "window:create",
    "window:destroy",
    "window:activate",
    "window:deactivate",
    "window:minimize",
    "window:restore",
)
"""What programs are asked to tell."""
MATCHES: Final = (
    f"type='signal',interface='{OBJECT}'",
    f"type='signal',interface='{WINDOW}'",
    f"type='signal',interface='{CACHE}'",
)
CONTENT_CHANGED: Final = frozenset(
    {
        "VisibleDataChanged", "ModelChanged", "RowInserted", "RowDeleted", "RowReordered",
        "ColumnInserted", "ColumnDeleted", "ColumnReordered", "SelectionChanged",
        "ActiveDescendantChanged",
    }
)  # fmt: skip
SELECTED: Final = frozenset({"SelectionChanged", "ActiveDescendantChanged"})
TYPED: Final = frozenset({"TextChanged", "TextCaretMoved", "TextSelectionChanged"})
"""What a text says of itself, and of nothing else."""
WORDS: Final = ("object:text-caret-moved", "object:text-selection-changed")
"""What programs are asked to tell besides, while somebody overhears them."""
HEARD: Final = 20_000
"""Most signals kept for who overhears."""
SMALL: Final = frozenset({"s", "i", "u", "d", "(so)"})
"""What a signal's value may be to be read; the rest of it is not."""


class Told(NamedTuple):
    """One signal of a program's object: who spoke, what of, whether it began, whom it is about."""

    source: str
    """An element's id, as in a tree."""
    member: str
    detail: str
    on: int
    about: str
    """The element it names besides its source, such as an active descendant; else empty."""


class Signals:
    """Applies signals to the programs that are held."""

    def __init__(self, programs: Mapping[str, Program], activated: Callable[[Key], None]) -> None:
        self._programs = programs
        self._activated = activated
        self.count = 0
        self.heard: deque[Told] | None = None
        """The latest signals, where somebody wants to know them word for word."""

    def heed(self, message: Message) -> None:
        """Apply one signal."""
        if message.interface == WINDOW:
            self._window(message)  # also of a program that is yet to be met
            return
        program = self._programs.get(message.sender)
        if program is None:
            return
        self.count += 1
        try:
            if message.interface == CACHE:
                _cache(program, message)
            elif message.interface == OBJECT:
                self._object(program, message)
        except HostileInput:
            return

    def _window(self, message: Message) -> None:
        if self.heard is not None and len(message.path) <= PATH_CHARS:
            source = identify((message.sender, message.path))
            self.heard.append(Told(source, f"Window{message.member}"[:40], "", 1, ""))
        program = self._programs.get(message.sender)
        if program is not None and not program.way.cached:
            program.doubt_all()
        if message.member == "Activate" and len(message.path) <= PATH_CHARS:
            self._activated((message.sender, message.path))

    def _object(self, program: Program, message: Message) -> None:
        read = message.leading("sii")
        if read is None:
            return
        (detail, first, _second), cursor = read
        node = program.nodes.get(message.path)
        program.touch(message.path)
        value = _small(message, cursor)
        if self.heard is not None and len(message.path) <= PATH_CHARS:
            self.heard.append(_told(message, detail, first, value))
        if not program.way.cached and message.member not in TYPED:
            program.doubt_all()
        if node is None:
            _from_stranger(program, message, detail, first)
            return
        handler = HANDLERS.get(message.member)
        if handler is not None:
            handler(program, node, detail, first, value)
        elif message.member in CONTENT_CHANGED:
            _content(program, node, message.member)
        if message.member == "StateChanged" and detail == "active" and first:
            self._activated(node.key)


def _told(message: Message, detail: str, on: int, value: Any) -> Told:
    about = atspi.as_key(value) if isinstance(value, tuple) else None
    return Told(
        identify((message.sender, message.path)),
        message.member[:40],
        detail[:40],
        on,
        "" if about is None else identify(about),
    )


def _small(message: Message, cursor: Cursor) -> Any:
    """The signal's value where it is a simple one, else None."""
    if not message.signature.startswith("siiv") or cursor.pos >= cursor.end:
        return None
    length = cursor.data[cursor.pos]
    kind = cursor.data[cursor.pos + 1 : cursor.pos + 1 + length].decode("ascii", "replace")
    if kind not in SMALL:
        return None
    (variant,) = unmarshal("v", cursor)
    return variant.value if isinstance(variant, Variant) else None


def _cache(program: Program, message: Message) -> None:
    if message.member == "AddAccessible":
        values = message.values(ITEM)
        if values is not None:
            _add(program, values[0])
    elif message.member == "RemoveAccessible":
        values = message.values("(so)")
        if values is not None and values[0][0] == program.bus:
            _end(program, values[0][1])


def _end(program: Program, path: str) -> None:
    """An object has ended. What was made on demand ends with the question, and still shows."""
    program.touch(path)
    node = program.nodes.get(path)
    if node is None or path == ROOT_PATH:
        return
    holder = program.holder(node)
    on_demand = holder is not None and (holder.manages or program.way.plain_cells)
    if not (node.listed and on_demand):
        program.drop(path)


def _add(program: Program, entry: tuple[Any, ...]) -> None:
    item = atspi.as_item(entry)
    if item.key[0] != program.bus:
        return
    path = item.key[1]
    program.expected.pop(path, None)
    program.touch(path)
    node = program.take(item)
    if node is None:
        return
    node.box_known = node.text_known = node.number_known = False
    parent = program.nodes.get(item.parent[1]) if item.parent is not None else None
    if parent is not None and parent.manages:
        parent.children_known = False


def _from_stranger(program: Program, message: Message, detail: str, on: int) -> None:
    """A node no cache lists speaks: a cell made on demand, whose container is listed again.

    One that has become visible may be a tool tip, which GTK 3 lists nowhere.
    """
    if message.member in ("StateChanged", "PropertyChange", "ChildrenChanged"):
        program.strangers = True
    if message.member == "StateChanged" and detail == "visible" and on:
        program.came(message.path)


def _state(program: Program, node: Node, detail: str, on: int, value: Any) -> None:
    del value
    bit = BITS.get(detail.replace("_", "-"), 0)
    if bit == DEFUNCT and on:
        _end(program, node.key[1])
        return
    node.states = node.states | bit if on else node.states & ~bit
    if bit == FOCUSED:
        _doubt_focus(program, node)
    if bit & (SHOWN | ICONIFIED) and (on or bit == ICONIFIED):
        _doubt_places(program, node)


def _doubt_focus(program: Program, node: Node) -> None:
    """GTK says so of menu items that do not have it, and not of the text that has lost it."""
    node.states_known = False
    for other in program.nodes.values():
        if other.states & FOCUSED:
            other.states_known = False


def _doubt_places(program: Program, node: Node) -> None:
    node.doubt_below()
    program.doubted = True
    if node.manages:
        node.children_known = False


def _bounds(program: Program, node: Node, detail: str, on: int, value: Any) -> None:
    del detail, on, value
    if program.way.tells_bounds and not node.manages and not node.listed:
        node.doubt_place()
        return
    _doubt_places(program, node)


def _property(program: Program, node: Node, detail: str, on: int, value: Any) -> None:
    del on, value
    if detail in ("accessible-name", "accessible-description"):
        node.name_known = False
    elif detail == "accessible-value":
        node.number_known = False
        if node.role == SCROLL_BAR and node.parent is not None:
            _doubt_places(program, program.nodes.get(node.parent[1], node))
    elif detail == "accessible-role":
        node.facts_known, node.text, node.text_known = False, "", False
    elif detail == "accessible-parent":
        program.whole_known = False


def _text(program: Program, node: Node, detail: str, on: int, value: Any) -> None:
    del program, detail, on, value
    node.text_known = False


def _content(program: Program, node: Node, member: str) -> None:
    """What a container holds has changed; only one that lists on demand must be asked.

    The cells of a sheet stay when another is selected, and say so themselves.
    """
    if program.way.plain_cells and member in SELECTED:
        return
    if node.manages or node.listed:
        node.children_known = False


def _children(program: Program, node: Node, detail: str, index: int, value: Any) -> None:
    if node.manages or node.listed:
        node.children_known = False
        return
    child = value if isinstance(value, tuple) else None
    node.count = max(0, node.count + (1 if detail.startswith("add") else -1))
    node.children_known = False
    if child is None or child[0] != program.bus:
        return
    known = program.nodes.get(child[1])
    if detail.startswith("remove"):
        program.touch(child[1])
        _shift(program, node, index, -1)
        if known is not None and known.parent == node.key:
            program.attach(known, None, -1)
    elif detail.startswith("add"):
        _shift(program, node, index, 1)
        if known is None and len(child[1]) <= PATH_CHARS and len(program.expected) < TREE_NODES:
            program.expected[child[1]] = node.key[1]
        elif known is not None:
            program.attach(known, node.key, index)
            _doubt_places(program, known)


def _shift(program: Program, node: Node, index: int, by: int) -> None:
    """Keep the order of siblings around one that came or went."""
    for sibling in list(program.below(node.key[1])):
        if sibling.index >= index >= 0:
            program.attach(sibling, sibling.parent, sibling.index + by)


HANDLERS: Final[dict[str, Callable[[Program, Node, str, int, Any], None]]] = {
    "StateChanged": _state,
    "BoundsChanged": _bounds,
    "PropertyChange": _property,
    "TextChanged": _text,
    "ChildrenChanged": _children,
}
