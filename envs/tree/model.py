"""What the mirror holds: programs and their nodes, and what of each is still to be asked.

A node's `…_known` flags say which of its facts are current; whatever makes one doubtful only
clears a flag, and the next reading asks for exactly those. Nodes are bounded in number; a program
that offers more is truncated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from envs.tree.atspi import ICONIFIED, MANAGES, PATH_CHARS, ROOT_PATH, SHOWN, Item, Key
from envs.tree.roles import APPLICATION
from envs.tree.toolkits import UNKNOWN, Toolkit
from envs.tree.units import PIXELS, Units
from envs.types import Box
from infra.limits import TREE_DEPTH, TREE_NODES

CellKind = tuple[str, frozenset[str]]
"""Cells that have the same actions: what they lie in, and what they implement."""
RISEN: Final = 8
"""Most of what became visible unlisted that is asked what it is."""


@dataclass(slots=True, eq=False)
class Node:
    """One accessible object as last told."""

    key: Key
    parent: Key | None
    index: int = -1
    count: int = 0
    interfaces: frozenset[str] = frozenset()
    name: str = ""
    role: int = 0
    description: str = ""
    states: int = 0
    box: Box | None = None
    text: str = ""
    lossy: bool = False
    number: str = ""
    actions: tuple[str, ...] = ()
    label: Key | None = None
    plug: Key | None = None
    kind: str = ""
    facts_known: bool = True
    name_known: bool = True
    states_known: bool = True
    box_known: bool = False
    text_known: bool = False
    number_known: bool = False
    actions_known: bool = False
    label_known: bool = False
    children_known: bool = False
    listed: bool = False
    doubts_below: bool = False
    kind_known: bool = False

    @property
    def shows(self) -> bool:
        """Whether it says itself that it is visible and showing."""
        return self.states & SHOWN == SHOWN

    @property
    def manages(self) -> bool:
        """Whether its children are made on demand and are in no cache."""
        return bool(self.states & MANAGES)

    def update(self, item: Item) -> None:
        """Take over a cache entry, which is current for all it says."""
        self.parent, self.index, self.count = item.parent, item.place, item.children
        self.interfaces, self.name, self.role = item.interfaces, item.name, item.role
        self.description, self.states = item.description, item.states
        self.facts_known = self.name_known = self.states_known = True

    def doubt_place(self) -> None:
        """Its box, and whether it shows, may have changed."""
        self.box_known = self.states_known = False

    def doubt_below(self) -> None:
        """So for it and for all it holds, found out at the next reading."""
        self.doubt_place()
        self.doubts_below = True

    def doubt(self) -> None:
        """Everything about it that can change may have."""
        self.doubt_place()
        self.name_known = self.text_known = self.number_known = self.children_known = False


@dataclass(slots=True)
class Program:
    """One program on the bus."""

    bus: str
    name: str = ""
    toolkit: str = ""
    way: Toolkit = UNKNOWN
    units: Units = PIXELS
    introduced: bool = False
    whole_known: bool = False
    stale: bool = False
    truncated: bool = False
    nodes: dict[str, Node] = field(default_factory=dict)
    plugs: set[str] = field(default_factory=set)
    expected: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    text_chars: int = 0
    cell_actions: dict[CellKind, tuple[str, ...] | None] = field(default_factory=dict)
    doubted: bool = False
    strangers: bool = False
    risen: dict[str, None] = field(default_factory=dict)
    """Objects that no cache lists and that said to have become visible."""
    _children: dict[str, list[Node]] = field(default_factory=dict)
    _unsorted: set[str] = field(default_factory=set)

    @property
    def root(self) -> Node | None:
        """The application object."""
        return self.nodes.get(ROOT_PATH)

    def doubt_all(self) -> None:
        """Anything that shows may have changed: it is walked anew, with what is known of it."""
        if self.root is not None:
            self.root.children_known = False

    @property
    def pixels(self) -> float:
        """Pixels per unit that it speaks of places in."""
        return self.units.of(self.toolkit)

    def touch(self, path: str) -> None:
        """Note that a signal named that object."""
        if path in self.nodes or (len(path) <= PATH_CHARS and len(self.touched) < TREE_NODES):
            self.touched.add(path)

    def came(self, path: str) -> None:
        """Note that something which is not held became visible; of many, the latest."""
        if len(path) <= PATH_CHARS:
            self.risen[path] = None
            while len(self.risen) > RISEN:
                del self.risen[next(iter(self.risen))]

    def add(self, node: Node) -> bool:
        """Hold a new node; False where there are too many already or its path is absurd."""
        path = node.key[1]
        if len(path) > PATH_CHARS or len(self.nodes) >= TREE_NODES:
            self.truncated = True
            return False
        if (known := self.nodes.get(path)) is not None:
            self._unlink(known)
        self.nodes[path] = node
        self._link(node)
        return True

    def take(self, item: Item) -> Node | None:
        """Hold what a cache entry says, of a known node or a new one; None where it is too much."""
        node = self.nodes.get(item.key[1])
        if node is None:
            node = Node(item.key, item.parent)
            if not self.add(node):
                return None
        self._unlink(node)
        node.update(item)
        self._link(node)
        return node

    def attach(self, node: Node, parent: Key | None, index: int) -> None:
        """Put a node somewhere else."""
        self._unlink(node)
        node.parent, node.index = parent, index
        self._link(node)

    def _link(self, node: Node) -> None:
        if node.parent is not None and node.parent[0] == self.bus:
            self._children.setdefault(node.parent[1], []).append(node)
            self._unsorted.add(node.parent[1])

    def _unlink(self, node: Node) -> None:
        siblings = self._children.get(node.parent[1], []) if node.parent is not None else []
        if node in siblings:
            siblings.remove(node)

    def drop(self, path: str) -> None:
        """Forget a node and all below it."""
        for node in list(self.under(path)):
            self.nodes.pop(node.key[1], None)
            self.plugs.discard(node.key[1])
            self._unlink(node)

    def empty(self, path: str) -> None:
        """Forget all below a node."""
        for child in list(self.below(path)):
            self.drop(child.key[1])

    def host_plugs(self, paths: set[str]) -> None:
        """Which of its objects show in sockets of other programs; each is a root of its own."""
        for path in self.plugs - paths:
            self.drop(path)
        for path in sorted(paths - self.plugs):
            if path not in self.nodes:
                node = Node((self.bus, path), None, facts_known=False, states_known=False)
                node.listed = True
                if not self.add(node):
                    continue
            self.plugs.add(path)

    def retain(self, paths: set[str]) -> None:
        """Forget every node that is not among `paths`."""
        for path in self.nodes.keys() - paths:
            self._unlink(self.nodes.pop(path))

    def below(self, path: str) -> list[Node]:
        """The children of a node within this program, in their order."""
        children = self._children.get(path, [])
        if path in self._unsorted:
            self._unsorted.discard(path)
            children.sort(key=_order)
        return children

    def is_above(self, node: Node, below: Node) -> bool:
        """Whether `below` is `node` or hangs somewhere under it."""
        at: Node | None = below
        for _depth in range(TREE_DEPTH):
            if at is node or at is None:
                return at is node
            at = self.holder(at)
        return True

    def holder(self, node: Node) -> Node | None:
        """What a node hangs under within this program."""
        if node.parent is None or node.parent[0] != self.bus:
            return None
        return self.nodes.get(node.parent[1])

    def under(self, path: str) -> Iterator[Node]:
        """A node and everything below it within this program, parents first, each once."""
        start = self.nodes.get(path)
        pending = [(start, 0)] if start is not None else []
        seen: set[str] = set()
        while pending:
            node, depth = pending.pop()
            if node.key[1] in seen:
                continue
            seen.add(node.key[1])
            yield node
            if depth < TREE_DEPTH:
                below = self.below(node.key[1])
                pending.extend((child, depth + 1) for child in reversed(below))

    def windows(self) -> list[Node]:
        """What is asked for its place at every reading: windows that show, and plugs."""
        tops = [node for node in self.below(ROOT_PATH) if node.shows and not is_away(node)]
        return tops + [self.nodes[path] for path in sorted(self.plugs) if path in self.nodes]

    def spread_doubts(self) -> None:
        """Pass the doubts about what holds something on to what it holds."""
        if not self.doubted:
            return
        self.doubted = False
        pending = [
            (self.nodes[path], False) for path in (ROOT_PATH, *self.plugs) if path in self.nodes
        ]
        seen: set[str] = set()
        while pending:
            node, inherited = pending.pop()
            if node.key[1] in seen:
                continue
            seen.add(node.key[1])
            if inherited:
                node.doubt_place()
                if node.manages:
                    node.children_known = False
            inherited |= node.doubts_below
            node.doubts_below = False
            pending.extend((child, inherited) for child in self.below(node.key[1]))

    def visible(self) -> Iterator[Node]:
        """Every node that shows, under a window that does."""
        for window in self.windows():
            for node in self.under(window.key[1]):
                if node.shows:
                    yield node


def is_away(window: Node) -> bool:
    """Whether a window is minimised: what is in it shows nowhere."""
    return bool(window.states & ICONIFIED)


def is_application(node: Node) -> bool:
    """Whether a node stands for its whole program."""
    return node.role == APPLICATION or node.key[1] == ROOT_PATH


def _order(node: Node) -> tuple[int, int, str]:
    path = node.key[1]
    return node.index, len(path), path
