"""What was met already, and how new something is: shared by the episodes of a run.

Elements are known by what they are and what they stand in, not by place or id, so that the same
button counts as the same in another fork. A state is known by its structure and a coarse picture
of it, so that animation is no news.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from grounding.scene import Node, Scene

GRID: Final = 8
ROUND_PX: Final = 24
Signature = tuple[str, ...]


@dataclass(slots=True)
class Novelty:
    """Counts of what was done, to what, in which programs and states."""

    done: Counter[tuple[Signature, str]] = field(default_factory=Counter)
    dull: Counter[tuple[Signature, str]] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    apps: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)

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


def state_of(scene: Scene) -> str:
    """What a screen is: the roles, names and rounded places of what shows, and a coarse picture."""
    digest = hashlib.sha256()
    for node in scene.nodes.values():
        if node.interactable and node.box.area and scene.is_showing(node.element):
            place = [value // ROUND_PX for value in node.box.as_list()]
            digest.update(f"{node.element.role}|{node.name}|{place}\n".encode())
    return f"{digest.hexdigest()[:16]}-{picture_hash(scene):016x}"


def picture_hash(scene: Scene) -> int:
    """A difference hash of the screen: 64 bits, alike for pictures that look alike."""
    grey = scene.pixels[:, :, 1].astype(np.float32)
    rows = np.array_split(grey, GRID, axis=0)
    means = np.array([[p.mean() for p in np.array_split(r, GRID + 1, axis=1)] for r in rows])
    bits = (means[:, 1:] > means[:, :-1] + 2.0).flatten()
    return int("".join("1" if bit else "0" for bit in bits), 2)
