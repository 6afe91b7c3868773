"""Reading one program: all of it, or what has become doubtful since the last time.

Each reading is an enquiry: it ends when nothing that shows is left to be asked, or after
`ROUNDS` rounds, so that a program that keeps changing cannot hold it for ever.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

from envs.tree import atspi
from envs.tree.atspi import ROOT_PATH
from envs.tree.batches import Answer, Call, Enquiry
from envs.tree.model import Node, Program
from envs.tree.questions import open_questions
from envs.tree.roles import APPLICATION, SCROLL_BAR, TAB, TOOL_TIP
from envs.tree.toolkits import drawn_by, known
from envs.tree.walking import put, walk
from infra.limits import TREE_NODES

ROUNDS: Final = 8
LAST: Final = 1 << 20
"""The place of a tool tip among its program's windows: behind all that it lists."""


def introduce(program: Program) -> Enquiry:
    """Who it is: its name, and the toolkit that says how it is read."""
    bus = program.bus
    name, toolkit, version = yield [
        atspi.get(bus, ROOT_PATH, "Accessible", "Name"),
        atspi.get(bus, ROOT_PATH, "Application", "ToolkitName"),
        atspi.get(bus, ROOT_PATH, "Application", "Version"),
    ]
    program.name = atspi.as_text(name, 200)
    program.toolkit = drawn_by(program.name, atspi.as_text(toolkit, 64))
    program.way = known(program.toolkit, atspi.as_text(version, 64))
    program.introduced = True


def read(program: Program) -> Enquiry:
    """Everything, from its cache where it has one, else by walking."""
    if not program.introduced:
        yield from introduce(program)
    program.truncated = False
    program.cell_actions.clear()
    listed = False
    if program.way.cached:
        listed = yield from _from_cache(program)
    if not listed:
        yield from _by_walking(program)
    program.whole_known = True
    yield from settle(program)


def refresh(program: Program) -> Enquiry:
    """Where its windows and what moves in silence are now, and whatever became doubtful."""
    if not program.whole_known:
        yield from read(program)
        return
    for window in program.windows():
        window.box_known = False
    for node in program.visible():
        if node.role == TAB:  # GTK 3's are no widgets: they say nothing of place, name and state
            node.box_known = node.name_known = node.states_known = False
        node.number_known &= program.way.cached or node.role != SCROLL_BAR  # Qt's do not say either
    yield from settle(program)


def settle(program: Program) -> Enquiry:
    """Ask until nothing that shows is doubtful."""
    program.text_chars = sum(len(node.text) for node in program.nodes.values())
    if program.risen:
        yield from _find_tips(program)
    for _round in range(ROUNDS):
        program.spread_doubts()
        _find_strays(program)
        if questions := open_questions(program):
            yield from put(questions)
        elif unlisted := _unlisted(program):
            yield from walk(program, unlisted)
        else:
            return


def _from_cache(program: Program) -> Generator[Sequence[Call], list[Answer], bool]:
    """Replace what is held by the program's cache; False where it has none."""
    (answer,) = yield [atspi.items(program.bus)]
    entries = (atspi.first(answer) or [])[:TREE_NODES]
    unlisted = (
        path for path, node in program.nodes.items() if node.manages or node.role == TOOL_TIP
    )
    on_demand = [*program.plugs, *unlisted]
    kept = {node.key[1] for path in on_demand for node in program.under(path)}
    for entry in entries:
        item = atspi.as_item(entry)
        if item.key[0] != program.bus:
            continue
        node = program.take(item)
        if node is None:
            break
        node.listed = node.children_known = node.box_known = False
        node.text_known = node.number_known = False
        node.plug = None
        kept.add(item.key[1])
    program.truncated |= len(atspi.first(answer) or []) > TREE_NODES
    program.retain(kept)
    root = program.root
    return root is not None and (root.count == 0 or bool(program.below(ROOT_PATH)))


def _by_walking(program: Program) -> Enquiry:
    root = program.root or Node((program.bus, ROOT_PATH), None)
    root.role, root.name, root.listed = APPLICATION, program.name, True
    if program.root is None:
        program.add(root)
    yield from walk(program, [root])


def _find_tips(program: Program) -> Enquiry:
    """Hold the tool tips among what became visible: windows of their program that it lists nowhere."""
    keys = [(program.bus, path) for path in program.risen if path not in program.nodes]
    program.risen.clear()
    answers = yield [ask(key) for key in keys for ask in (atspi.role, atspi.states)]
    for key, number, states in zip(keys, answers[::2], answers[1::2], strict=True):
        if atspi.as_number(number) == TOOL_TIP:
            bits = atspi.as_states(atspi.first(states))
            tip = Node(key, (program.bus, ROOT_PATH), LAST, states=bits, role=TOOL_TIP, listed=True)
            tip.facts_known = tip.name_known = False
            program.add(tip)


def _find_strays(program: Program) -> None:
    """Children that were announced and never described are listed by asking their parents.

    So are those of every container that makes them on demand, when an unknown node has spoken.
    """
    for path, parent_path in program.expected.items():
        parent = program.nodes.get(parent_path)
        if path not in program.nodes and parent is not None:
            parent.listed, parent.children_known = True, False
    program.expected.clear()
    if program.strangers:
        program.strangers = False
        for node in program.visible():
            if node.manages:
                node.children_known = False


def _unlisted(program: Program) -> list[Node]:
    """Nodes that show, whose children must be asked for and were not."""
    tops = [program.root, *(program.nodes.get(path) for path in program.plugs)]
    waiting = [node for node in tops if node and node.listed and not node.children_known]
    for node in program.visible():
        if (node.manages or node.listed) and not node.children_known and node not in waiting:
            waiting.append(node)
    return waiting
