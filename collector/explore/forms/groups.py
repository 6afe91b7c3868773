"""Groups of fields on what is in front: a dialog, a form of a page, a tab's panel.

A field is one thing to fill: a text, a choice, or a row of radio buttons. Tool bars have fields
and are no forms, neither is an editor, a terminal or a table's cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from collector.explore import moves
from collector.explore.novelty import Signature
from collector.explore.view import View, is_shell
from grounding.scene import COMBOS, Node

Kind = Literal["text", "date", "number", "toggle", "radio", "combo", "slider", "list", "file"]
CONTAINERS: Final = frozenset({"form", "dialog", "alertdialog", "tabpanel", "search", "main"})
BARS: Final = frozenset({"toolbar", "tool-bar", "menubar", "menu-bar", "statusbar", "status-bar"})
TOGGLES: Final = frozenset({"checkbox", "check-box", "switch"})
RADIOS: Final = frozenset({"radio", "radio-button"})
DATES: Final = frozenset({"date", "date-editor"})
NUMBERS: Final = frozenset({"spinbutton", "spin-button"})
LISTS: Final = frozenset({"listbox", "list"})
BUTTONS: Final = frozenset({"button", "push-button"})
HOLDERS: Final = frozenset({"radiogroup", "group", "list", "table", "panel", "filler"})
CHROME: Final = frozenset({"close", "minimize", "maximize", "minimise", "maximise", "关闭"})
"""What the buttons of a window's own frame are called."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill: its kind and its elements, several for radio buttons and lists."""

    kind: Kind
    nodes: tuple[Node, ...]

    @property
    def key(self) -> str:
        """The id of its first element."""
        return self.nodes[0].id

    @property
    def node(self) -> Node:
        """Its first element."""
        return self.nodes[0]


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one form that show, its buttons, and the word that forbids to submit it."""

    key: str
    signature: Signature
    fields: tuple[Field, ...]
    buttons: tuple[Node, ...]
    forbidden: str


def groups(view: View) -> list[Group]:
    """The forms in front, the largest first."""
    front = view.front
    nodes = view.nodes if front is None else view.on(front)
    inside: dict[str, list[Node]] = {}
    for node in nodes:
        if _kind(node) and not is_shell(node.element.app) and not _in_bar(node, view):
            inside.setdefault(container(node, view), []).append(node)
    found = [_group(key, members, view) for key, members in inside.items()]
    return sorted((g for g in found if _is_form(g)), key=lambda g: -len(g.fields))


def container(node: Node, view: View) -> str:
    """The id of what holds a node's form; empty where nothing does."""
    for above in view.scene.ancestors(node.id):
        if above.element.role in CONTAINERS:
            return above.id
    return node.surface


def _group(key: str, members: list[Node], view: View) -> Group:
    held = [n for n in view.scene.nodes.values() if n.element.role in BUTTONS]
    own = [n for n in held if container(n, view) == key and n.name.casefold() not in CHROME]
    pressable = {n.id for n in view.nodes}
    words = (view.forbids(n) for n in own if view.scene.is_showing(n.element))
    head = view.scene.nodes.get(key)
    page = view.scene.tree.elements[0].name if view.is_page() else ""
    role, name = ("", "") if head is None else (head.element.role, head.name)
    return Group(
        key,
        (members[0].element.app, page, role, name, "form"),
        tuple(_fields(members, view)),
        tuple(n for n in own if n.id in pressable),
        next((word for word in words if word), ""),
    )


def _fields(members: list[Node], view: View) -> Iterator[Field]:
    """Each field once: neighbouring radio buttons of one holder are one, and a list's rows."""
    radios: list[Node] = []
    for node in members:
        kind = _kind(node)
        if radios and (kind != "radio" or _holder(node, view) != _holder(radios[-1], view)):
            yield Field("radio", tuple(radios))
            radios = []
        if kind == "radio":
            radios.append(node)
        elif kind == "list":
            if rows := _rows(node, view):
                yield Field("list", (node, *rows))
        elif kind:
            yield Field(kind, (node,))
    if radios:
        yield Field("radio", tuple(radios))


def _holder(radio: Node, view: View) -> str:
    """The id of what holds the radio buttons that belong together."""
    above = view.scene.ancestors(radio.id)
    return next((a.id for a in above if a.element.role in HOLDERS | CONTAINERS), radio.surface)


def _rows(node: Node, view: View) -> list[Node]:
    roles = {"option", "listitem", "list-item"}
    return [n for n in view.nodes if n.element.parent == node.id and n.element.role in roles]


def _kind(node: Node) -> Kind | None:
    """What there is to fill in an element; None for no field."""
    role, element = node.element.role, node.element
    if role == "terminal" or role in moves.CELLS or "read-only" in element.states:
        return None
    simple: dict[str, Kind] = {
        **dict.fromkeys(TOGGLES, "toggle"), **dict.fromkeys(RADIOS, "radio"),
        **dict.fromkeys(DATES, "date"), **dict.fromkeys(NUMBERS, "number"),
        **dict.fromkeys(LISTS, "list"), "slider": "slider", "file-chooser": "file",
    }  # fmt: skip
    if role in simple:
        return simple[role]
    if role in COMBOS and "editable" not in element.states:
        return "combo"
    return "text" if moves.takes_text(node) else None


def _in_bar(node: Node, view: View) -> bool:
    return any(above.element.role in BARS for above in view.scene.ancestors(node.id))


def _is_form(group: Group) -> bool:
    """More than one field, or a line of text to enter; an editor is none."""
    kinds = [field.kind for field in group.fields]
    if not kinds or set(kinds) == {"list"}:
        return False
    if len(kinds) > 1 and any(f.kind != "text" or not moves.is_prose(f.node) for f in group.fields):
        return True
    return kinds == ["text"] and not moves.is_prose(group.fields[0].node)
