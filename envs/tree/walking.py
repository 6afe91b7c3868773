"""Listing children by asking for them: programs without a cache, icon views, sheets, plugs.

Level by level, all of a level at once, only below what shows, and never more children of one
node than `MOST_LISTED`; of a container that counts more (a sheet has 2^31) the visible cells are
found by asking what is at the corners of what shows of it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from typing import Any, Final

from envs.tree import atspi
from envs.tree.atspi import NULL_PATH, TABLE, Key
from envs.tree.batches import Answer, Call, Enquiry
from envs.tree.model import Node, Program
from envs.tree.panes import is_unseen
from envs.tree.questions import Question, facts
from envs.tree.roles import CELL
from envs.types import Box
from infra.limits import TREE_DEPTH

MOST_LISTED: Final = 400
MOST_CELLS: Final = 160
"""Of a sheet: what a person sees of one, at eight questions' cost a cell under emulation."""
INSET_PX: Final = 3
Found = Generator[Sequence[Call], list[Answer], list[Key]]


def put(questions: Sequence[Question]) -> Enquiry:
    """Ask them all at once and do what each answer means."""
    answers = yield [question.call for question in questions]
    for question, answer in zip(questions, answers, strict=True):
        question.then(answer)


def walk(program: Program, starts: Sequence[Node]) -> Enquiry:
    """Learn the children of `starts`, and of what shows below them."""
    level, seen = list(starts), {node.key[1] for node in starts}
    for _depth in range(TREE_DEPTH):
        if not level:
            return
        counted = [node for node in level if node.manages]
        yield from put([Question(_count(n), partial(_take_count, n)) for n in counted])
        # Where a new one is must be known first; the next round lists it.
        many = [node for node in level if node.count > MOST_LISTED and node.box is not None]
        few = [node for node in level if node.count <= MOST_LISTED]
        found: list[Node] = []
        answers = yield [atspi.children(node.key) for node in few]
        for node, answer in zip(few, answers, strict=True):
            found += _adopt(program, node, atspi.first(answer) or [], seen)
        for node in many:
            cells = _adopt(program, node, (yield from _visible_cells(program, node)), seen)
            found += cells
            if program.way.plain_cells and cells:
                yield from _meet_plain(cells)
        yield from _meet([node for node in found if not node.states_known])
        for node in found:
            if not node.shows:
                program.empty(node.key[1])
        level = [node for node in found if node.shows and not _is_leaf(program, node)]


def _count(node: Node) -> Call:
    bus, path = node.key
    return atspi.get(bus, path, "Accessible", "ChildCount")


def _take_count(node: Node, answer: Answer) -> None:
    node.count = atspi.as_number(answer)


def _meet(nodes: Sequence[Node]) -> Enquiry:
    """Their states, and of those that show what else a cache would have said."""
    answers = yield [atspi.states(node.key) for node in nodes]
    for node, answer in zip(nodes, answers, strict=True):
        node.states, node.states_known = atspi.as_states(atspi.first(answer)), True
    strangers = [node for node in nodes if node.shows and not node.facts_known]
    yield from put([question for node in strangers for question in facts(node)])


def _meet_plain(cells: Sequence[Node]) -> Enquiry:
    """The states of all, and what one of them is."""
    answers = yield [atspi.states(node.key) for node in cells]
    for node, answer in zip(cells, answers, strict=True):
        node.states, node.states_known = atspi.as_states(atspi.first(answer)), True
        node.children_known = True
    fresh = [node for node in cells if not node.facts_known]
    if not fresh:
        return
    yield from put(facts(fresh[0]))
    for node in fresh[1:]:
        node.role, node.interfaces = fresh[0].role, fresh[0].interfaces
        node.facts_known, node.name_known = True, False
        node.actions_known = node.text_known = True


def _is_leaf(program: Program, node: Node) -> bool:
    """Whether nothing below it shows: a cell in a cell, one of a sheet, a menu bar unseen."""
    if is_unseen(program, node):
        node.children_known = True
    parent = program.holder(node)
    in_cell = parent is not None and parent.role == CELL and node.role == CELL
    return node.children_known or in_cell


def _adopt(program: Program, parent: Node, refs: list[Any], seen: set[str]) -> list[Node]:
    """Make `refs` the children of `parent`; the nodes, without those already met in this walk."""
    path = parent.key[1]
    parent.children_known = parent.listed = True
    adopted: list[Node] = []
    kept: set[str] = set()
    for index, ref in enumerate(refs[:MOST_LISTED]):
        if ref[0] != program.bus or ref[1] == NULL_PATH:
            parent.plug = atspi.as_key(ref) or parent.plug
            continue
        node = program.nodes.get(ref[1])
        if node is not None and program.is_above(node, parent):
            continue
        kept.add(ref[1])
        if node is not None and (ref[1] in seen or _is_current(program, parent, node)):
            program.attach(node, parent.key, index)
            continue
        seen.add(ref[1])
        if node is None:
            node = Node(ref, parent.key, facts_known=False, listed=True)
            if not program.add(node):
                break
        program.attach(node, parent.key, index)
        node.doubt()
        node.listed = True
        adopted.append(node)
    for child in list(program.below(path)):
        if child.key[1] not in kept:
            program.drop(child.key[1])
    return adopted


def _is_current(program: Program, parent: Node, node: Node) -> bool:
    """Whether a child is one that the cache described, which had only left out its siblings."""
    return program.way.cached and not parent.manages and node.facts_known and not node.listed


def _visible_cells(program: Program, node: Node) -> Found:
    """The cells of a large container between those at the corners of what shows of it."""
    box = _shown_part(program, node)
    if box is None:
        return []
    left, right = box.left + INSET_PX, box.right - INSET_PX - 1
    top, bottom = box.top + INSET_PX, box.bottom - INSET_PX - 1
    corners = [(left, top), (right, top), (left, bottom), (right, bottom), box.centre]
    answers = yield [atspi.at_point(node.key, x, y) for x, y in corners]
    cells = {ref for answer in answers if (ref := atspi.first(answer)) and ref[1] != NULL_PATH}
    cells = {ref for ref in cells if ref[0] == program.bus and ref != node.key}
    answers = yield [
        Call(bus, path, atspi.ACCESSIBLE, "GetIndexInParent", "i") for bus, path in sorted(cells)
    ]
    places = sorted({place for answer in answers if (place := atspi.as_number(answer)) >= 0})
    if not places or "Table" not in node.interfaces:
        return sorted(cells)
    return (yield from _cells_between(node, places))


def _cells_between(node: Node, places: list[int]) -> Found:
    bus, path = node.key
    rows = yield [Call(bus, path, TABLE, "GetRowAtIndex", "i", "i", (p,)) for p in places]
    columns = yield [Call(bus, path, TABLE, "GetColumnAtIndex", "i", "i", (p,)) for p in places]
    down = _range([atspi.as_number(answer) for answer in rows])
    across = _range([atspi.as_number(answer) for answer in columns])
    wanted = [(row, column) for row in down for column in across][:MOST_CELLS]
    answers = yield [Call(bus, path, TABLE, "GetAccessibleAt", "(so)", "ii", at) for at in wanted]
    return [ref for answer in answers if (ref := atspi.first(answer)) and ref[1] != NULL_PATH]


def _range(numbers: list[int]) -> range:
    known = [number for number in numbers if number >= 0]
    if not known:
        return range(0)
    return range(min(known), min(max(known), min(known) + MOST_LISTED) + 1)


def _shown_part(program: Program, node: Node) -> Box | None:
    """Its box, cut to the boxes of all that holds it."""
    box, above = node.box, node.parent
    for _depth in range(TREE_DEPTH):
        if box is None or above is None or above[0] != program.bus:
            break
        holder = program.nodes.get(above[1])
        if holder is None:
            break
        if holder.box is not None:
            box = box.intersection(holder.box)
        above = holder.parent
    return box if box is not None and box.area else None
