"""Which of many elements is wanted most: the new, the rare, what is in front; never by place."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from collector.explore import moves
from collector.explore.base import Choice
from collector.explore.graph.graph import Try
from collector.explore.novelty import Novelty, Signature, signature_of
from collector.explore.view import View, is_shell
from grounding.scene import Node

ELSEWHERE: Final = 0.1
"""Weight of what stands outside the front window, beside 1 for what stands in it."""
SHELL: Final = 0.02
"""The same for the panel and the desktop."""
BAR: Final = 0.3
"""The same for scroll bars: every window has some, and the wheel does more."""
TRIED: Final = 0.2
"""The same for what was tried from this very state before."""
CLOSING: Final = (
    "quit",
    "exit",
    "close",
    "退出",
    "关闭",
    "minimize",
    "minimise",
    "iconify",
    "shade",
)
CLOSING_WEIGHT: Final = 0.04


@dataclass(frozen=True, slots=True)
class Move:
    """A choice with what it counts as: its kind, and the signature of what it is done to."""

    choice: Choice
    kind: str
    signature: Signature = ()


@dataclass(slots=True)
class Scales:
    """Draws among elements, the newer the likelier."""

    novelty: Novelty
    rng: random.Random
    tried: AbstractSet[Try] = frozenset()
    """What was tried from where the explorer is now."""

    def pick(self, view: View, kind: str, nodes: Sequence[Node]) -> Move | None:
        """That kind of move on one of the nodes; None where there is none."""
        if not nodes:
            return None
        groups = Counter((n.element.parent, n.element.role) for n in nodes)
        weights = [self._weight(n, kind, view, groups) for n in nodes]
        if sum(weights) <= 0:
            return None
        node = self.rng.choices(list(nodes), weights=weights)[0]
        action = moves.build(kind, node, view, self.rng)
        why = f"{kind.replace('_', ' ')} on {called(node)}"
        return Move(Choice(action, node.id, why), kind, signature_of(node, view.scene))

    def _weight(
        self, node: Node, kind: str, view: View, groups: Counter[tuple[str | None, str]]
    ) -> float:
        """How much a node is wanted: new, in front, one of few of its kind, not what ends things."""
        weight = self.novelty.newness(signature_of(node, view.scene), kind)
        if (kind, *signature_of(node, view.scene)) in self.tried:
            weight *= TRIED
        weight /= math.sqrt(groups[node.element.parent, node.element.role])
        if view.front is not None and not view.stands_on(node, view.front):
            shell = is_shell(node.element.app) and bool(view.app())
            weight *= SHELL if shell else ELSEWHERE * self.novelty.app_newness(node.element.app)
        if node.element.role == "scrollbar":
            weight *= BAR
        if any(word in node.name.casefold() for word in CLOSING) and not view.is_modal():
            weight *= CLOSING_WEIGHT
        return weight


def inviting(view: View, kind: str) -> list[Node]:
    """The nodes that invite that kind of move; the panel's own menus lead nowhere good."""
    nodes = [n for n in view.nodes if kind in moves.moves_of(n)]
    if kind == "right_click":
        return [n for n in nodes if not is_shell(n.element.app) or n.element.role == "icon"]
    return nodes


def called(node: Node) -> str:
    """An element in words."""
    name = f" {node.name[:60]!r}" if node.name else ""
    return f"{node.element.role}{name}" + (f" of {node.element.app}" if node.element.app else "")
