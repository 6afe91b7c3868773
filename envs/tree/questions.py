"""What is still to be asked of a program's visible nodes, and what its answers change.

A question is a call and what to do with its answer. A program that refuses one has answered it:
the fact stays empty and is not asked again until something makes it doubtful.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, NamedTuple

from envs.tree import atspi
from envs.tree.atspi import ROOT_PATH
from envs.tree.batches import Answer, Call
from envs.tree.dbus_wire import Variant
from envs.tree.model import CellKind, Node, Program
from envs.tree.roles import CELL, LABELLED, NAMED_BY_TEXT, NUMERIC, PASSWORD, SCROLL_BAR, TEXTUAL
from envs.tree.units import in_pixels
from infra.limits import GUEST_TEXT_CHARS

PROGRAM_TEXT_CHARS: Final = 1_000_000
"""Most text kept of one program; what comes after it is left out and marked lossy."""


class Question(NamedTuple):
    """A call, and what its answer means."""

    call: Call
    then: Callable[[Answer], None]


def open_questions(program: Program) -> list[Question]:
    """Everything that must be asked before what shows is known."""
    asked: list[Question] = []
    windows = program.windows()
    for window in windows:
        if not window.kind_known:
            asked.append(Question(atspi.attributes(window.key), partial(_take_kind, window)))
        for node in program.under(window.key[1]):
            if not node.states_known:
                asked.append(Question(atspi.states(node.key), partial(_take_states, program, node)))
            if node.shows:
                asked.extend(_of_shown(program, node, node is window))
            elif _is_hollow(program, node):
                asked.append(_hollow(node))
    return asked


def _of_shown(program: Program, node: Node, is_window: bool) -> Iterator[Question]:
    if not node.facts_known:
        yield from facts(node)
        return
    if not node.name_known:
        yield from names(node)
    if not node.box_known and "Component" in node.interfaces:
        take = _take_window_box if is_window else _take_box
        moved = partial(take, program, node)
        yield Question(atspi.extents(node.key), moved)
    yield from _of_content(program, node)
    if _is_hollow(program, node):
        yield _hollow(node)


def _of_content(program: Program, node: Node) -> Iterator[Question]:
    bus, path = node.key
    if not node.text_known and wants_text(node):
        yield Question(
            atspi.text(node.key, program.way.text_end), partial(_take_text, program, node)
        )
    if not node.number_known and node.role in NUMERIC and "Value" in node.interfaces:
        yield Question(
            atspi.get(bus, path, "Value", "CurrentValue"), partial(_take_number, program, node)
        )
    if not node.actions_known and "Action" in node.interfaces:
        yield from _of_actions(program, node)
    if not node.label_known and not node.name and node.role in LABELLED:
        yield Question(atspi.relations(node.key), partial(_take_label, node))


def _of_actions(program: Program, node: Node) -> Iterator[Question]:
    """Its actions. Of cells that implement the same and lie beside each other, one is asked."""
    if node.role != CELL or node.parent is None:
        yield Question(atspi.actions(node.key), partial(_take_actions, node))
        return
    kind = (node.parent[1], node.interfaces)
    if kind not in program.cell_actions:
        program.cell_actions[kind] = None
        yield Question(atspi.actions(node.key), partial(_take_cell_actions, program, kind, node))
    elif (actions := program.cell_actions[kind]) is not None:
        node.actions, node.actions_known = actions, True


def _take_cell_actions(program: Program, kind: CellKind, node: Node, answer: Answer) -> None:
    _take_actions(node, answer)
    program.cell_actions[kind] = node.actions


def facts(node: Node) -> list[Question]:
    """What a cache entry would have said of a node that no cache lists."""
    return [
        Question(atspi.role(node.key), partial(_take_role, node)),
        Question(atspi.interfaces(node.key), partial(_take_interfaces, node)),
        *names(node),
    ]


def names(node: Node) -> list[Question]:
    """Its name and, but of a cell, its description."""
    bus, path = node.key
    name = Question(atspi.get(bus, path, "Accessible", "Name"), partial(_take_name, node))
    if node.role == CELL:
        return [name]
    words = atspi.get(bus, path, "Accessible", "Description")
    return [name, Question(words, partial(_take_description, node))]


def wants_text(node: Node) -> bool:
    """Whether its text is part of what it shows; never a password's."""
    if node.role == PASSWORD or node.role not in TEXTUAL or "Text" not in node.interfaces:
        return False
    return not (node.role in NAMED_BY_TEXT and node.name)


def _is_hollow(program: Program, node: Node) -> bool:
    """Whether it counts children that nobody listed: out-of-process plugs, and late caches."""
    if node.children_known or node.listed or node.manages or node.count <= 0:
        return False
    parent = program.holder(node)
    seen = node.shows or (parent is not None and parent.shows)
    known = len(program.below(node.key[1]))
    return seen and (known == 0 or (program.way.plain_cells and known < node.count))


def _hollow(node: Node) -> Question:
    return Question(atspi.child(node.key, 0), partial(_take_first_child, node))


def _take_first_child(node: Node, answer: Answer) -> None:
    child = atspi.as_key(atspi.first(answer))
    if child is None or child == node.key:
        node.children_known = True
    elif child[0] != node.key[0]:
        node.plug, node.children_known = child, child[1] != ROOT_PATH
    else:
        node.listed = True


def _take_kind(node: Node, answer: Answer) -> None:
    found = atspi.first(answer) or {}
    node.kind, node.kind_known = found.get("window-type", "")[:32], True


def _take_states(program: Program, node: Node, answer: Answer) -> None:
    """An object made on demand may have ended meanwhile; its holder is asked for the new ones."""
    node.states_known = True
    holder = program.holder(node)
    if answer is None and node.listed and holder is not None and holder.listed:
        holder.children_known = False
        return
    node.states = atspi.as_states(atspi.first(answer))


def _take_box(program: Program, node: Node, answer: Answer) -> None:
    node.box, node.box_known = in_pixels(atspi.as_box(answer), program.pixels), True


def _take_window_box(program: Program, window: Node, answer: Answer) -> None:
    """A window that moved took with it all it holds."""
    before = window.box
    _take_box(program, window, answer)
    if before != window.box:
        for node in program.under(window.key[1]):
            node.box_known = False
        window.box_known = True


def _take_role(node: Node, answer: Answer) -> None:
    node.role, node.facts_known = atspi.as_number(answer), True


def _take_interfaces(node: Node, answer: Answer) -> None:
    node.interfaces = atspi.short(atspi.first(answer) or ())


def _take_name(node: Node, answer: Answer) -> None:
    node.name, node.name_known = atspi.as_text(answer), True


def _take_description(node: Node, answer: Answer) -> None:
    node.description = atspi.as_text(answer)


def _take_text(program: Program, node: Node, answer: Answer) -> None:
    text = atspi.as_text(answer, GUEST_TEXT_CHARS + 1)
    others = program.text_chars - len(node.text)
    room = max(0, min(GUEST_TEXT_CHARS, PROGRAM_TEXT_CHARS - others))
    node.text, node.lossy, node.text_known = text[:room], len(text) > room, True
    program.text_chars = others + len(node.text)


def _take_number(program: Program, node: Node, answer: Answer) -> None:
    """A scroll bar that moved without a word moved what it scrolls."""
    before = node.number
    value = atspi.first(answer)
    number = value.value if isinstance(value, Variant) and value.signature == "d" else math.nan
    node.number, node.number_known = f"{number:.10g}" if math.isfinite(number) else "", True
    silent = node.role == SCROLL_BAR and not program.way.cached
    if silent and before and before != node.number:
        program.doubt_all()


def _take_actions(node: Node, answer: Answer) -> None:
    listed = (atspi.first(answer) or [])[: atspi.ACTIONS]
    node.actions, node.actions_known = tuple(name[:100] for name, _w, _k in listed if name), True


def _take_label(node: Node, answer: Answer) -> None:
    node.label_known = True
    for relation, targets in (atspi.first(answer) or [])[:32]:
        if relation == atspi.LABELLED_BY and targets:
            node.label = atspi.as_key(targets[0])
