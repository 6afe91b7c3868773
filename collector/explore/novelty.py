"""What was met already, and how new something is: shared by the episodes of a run.

Elements are known by what they are and what they stand in, not by place or id, so that the same
button counts as the same in another fork.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from grounding.scene import Node, Scene

Signature = tuple[str, ...]


@dataclass(slots=True)
class Novelty:
    """Counts of what was done, to what, in which programs."""

    done: Counter[tuple[Signature, str]] = field(default_factory=Counter)
    dull: Counter[tuple[Signature, str]] = field(default_factory=Counter)
    apps: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    gestures: Counter[str] = field(default_factory=Counter)
    options: dict[Signature, set[str]] = field(default_factory=dict)
    """What list boxes were seen to offer."""

    def newness(self, signature: Signature, move: str) -> float:
        """From 1.0 for what was never done down towards 0; what did nothing falls faster."""
        key = (signature, move)
        met = 1.0 + self.done[key] + 2.0 * self.dull[key]
        return 1.0 / (met * math.sqrt(met))

    def app_newness(self, app: str) -> float:
        """From 1.0 for a program never used down towards 0."""
        return 1.0 / (1.0 + self.apps[app])

    def did(self, signature: Signature, move: str, app: str) -> None:
        """Count something done."""
        self.done[signature, move] += 1
        self.apps[app] += 1

    def was_dull(self, signature: Signature, move: str) -> None:
        """Count something that turned out to do nothing."""
        self.dull[signature, move] += 1


def signature_of(node: Node, scene: Scene) -> Signature:
    """What an element is: program, role, name and the two named things around it."""
    around = [a for a in scene.ancestors(node.id) if a.name or a.kind != "container"][:2]
    return (
        node.element.app,
        node.element.role,
        node.name,
        *(f"{a.element.role}:{'' if a.kind == 'window' else a.name}" for a in around),
    )
