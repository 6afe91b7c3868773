"""The mirror's nodes as the elements that others see: what shows, and what holds it.

An element's id is its program's bus name and its object path, so it is the same in every tree,
in every fork of a template, until its program ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from envs.tree.atspi import Key, state_names
from envs.tree.model import Node, Program, is_away
from envs.tree.panes import Panes, panes_of
from envs.tree.roles import PASSWORD, TEXTUAL, role_name
from envs.types import Element
from infra.limits import TREE_DEPTH, TREE_NODES

USUAL: Final = "/org/a11y/atspi/accessible/"
ID_CHARS: Final = 80
KINDS: Final = {"tooltip": "tooltip"}
"""Window types that say more than the role does."""
OBJECT_MARK: Final = "\N{OBJECT REPLACEMENT CHARACTER}"


def identify(key: Key) -> str:
    """The id of the element at that place on the bus."""
    bus, path = key
    short = path.removeprefix(USUAL)
    name = f"{bus.lstrip(':')}/{short.lstrip('/')}"
    if len(name) > ID_CHARS:
        name = f"{bus.lstrip(':')[:20]}/{hashlib.sha256(path.encode()).hexdigest()[:32]}"
    return name


@dataclass(slots=True)
class _Place:
    """A node on the way down: where it hangs, and whether it or what it holds is kept."""

    node: Node
    program: Program
    parent: int
    window: str
    depth: int
    kept: bool = False


def elements(programs: Mapping[str, Program], hidden: bool = False) -> tuple[list[Element], bool]:
    """Every element that shows, parents before children; and whether a bound cut them short.

    With `hidden`, also what programs hold and do not show, without places.
    """
    places: list[_Place] = []
    truncated = any(program.truncated for program in programs.values())
    for bus in sorted(programs, key=_bus_order):
        program = programs[bus]
        if program.root is not None:
            truncated |= _descend(programs, program.root, program, places, hidden)
    for place in reversed(places):
        place.kept |= hidden or (place.node.shows and place.parent >= 0)
        if place.kept and place.parent >= 0:
            places[place.parent].kept = True
    kept = [place for place in places if place.kept]
    panes = {bus: panes_of(program) for bus, program in programs.items()}
    return [_element(programs, place, places, panes) for place in kept[:TREE_NODES]], (
        truncated or len(kept) > TREE_NODES
    )


def _descend(
    programs: Mapping[str, Program],
    root: Node,
    program: Program,
    places: list[_Place],
    hidden: bool,
) -> bool:
    """Lay out a program's nodes, plugs of other programs in their sockets; whether it was cut."""
    pending = [_Place(root, program, -1, "", 0)]
    seen: set[Key] = set()
    while pending:
        place = pending.pop()
        if place.node.key in seen:
            continue
        if len(places) >= 2 * TREE_NODES:
            return True
        seen.add(place.node.key)
        places.append(place)
        if place.depth >= TREE_DEPTH:
            return True
        index, window = len(places) - 1, place.window or _title(place)
        for child, home in reversed(list(_children(programs, place))):
            if not hidden and place.depth == 0 and (is_away(child) or not child.shows):
                continue
            pending.append(_Place(child, home, index, window, place.depth + 1))
    return False


def _title(place: _Place) -> str:
    return place.node.name if place.depth == 1 else ""


def _children(programs: Mapping[str, Program], place: _Place) -> Iterator[tuple[Node, Program]]:
    for child in place.program.below(place.node.key[1]):
        if child.key[1] not in place.program.plugs:
            yield child, place.program
    if (plugged := _plugged(programs, place.node)) is not None:
        yield plugged, programs[plugged.key[0]]


def _plugged(programs: Mapping[str, Program], node: Node) -> Node | None:
    """What another program shows in this node, if it is a socket.

    A socket's own states and place are its plug's, which is the one to ask: the socket's program
    would ask it in turn, and answers with nothing when that takes too long.
    """
    bus, path = node.plug or ("", "")
    home = programs.get(bus)
    return home.nodes.get(path) if home is not None else None


def _element(
    programs: Mapping[str, Program],
    place: _Place,
    places: list[_Place],
    panes: Mapping[str, Panes],
) -> Element:
    node, program = place.node, place.program
    name, source = _name(programs, node)
    secret = node.role == PASSWORD
    seen = _plugged(programs, node) or node
    value = "" if secret else (node.text if node.role in TEXTUAL and node.text else node.number)
    return Element(
        id=identify(node.key),
        parent=identify(places[place.parent].node.key) if place.parent >= 0 else None,
        role=KINDS.get(node.kind, role_name(node.role)),
        name=name,
        name_source=source,
        description=node.description,
        box=panes[seen.key[0]].place(seen) if seen.shows and program.way.tells_places else None,
        states=state_names(seen.states) | ({"protected"} if secret else frozenset()),
        actions=node.actions,
        value=value.replace(OBJECT_MARK, "").replace("\0", ""),
        app=program.name,
        window=place.window or _title(place),
        toolkit=program.toolkit,
        stale=program.stale,
        lossy=node.lossy,
    )


def _name(programs: Mapping[str, Program], node: Node) -> tuple[str, str]:
    """What it is called and who says so: itself, the element that labels it, its description."""
    if node.name:
        return node.name, "a11y"
    if node.label is not None and (program := programs.get(node.label[0])) is not None:
        label = program.nodes.get(node.label[1])
        if label is not None and (label.name or label.text):
            return label.name or label.text, "label"
    return (node.description, "description") if node.description else ("", "")


def _bus_order(bus: str) -> tuple[int, str]:
    number = bus.rpartition(".")[2]
    return (int(number), bus) if number.isdecimal() and len(number) < 12 else (1 << 40, bus)
