"""What may be drawn over a step's screen: every box by its source, in the screen's own pixels.

`tree` is what the machine's own tree says, `kept` what passed the gates, each as far as it can be
seen; what did not pass has its reason. Nothing of it is stored: it is worked out when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from collector.views import episode as episodes
from collector.views import trajectory
from envs.recording import reader
from envs.recording.types import ObservationRef, Step
from envs.types import Box
from infra.visible import visible


@dataclass(frozen=True, slots=True)
class Mark:
    """A box of a layer: what kind of thing it is, what it is called, why it was left out."""

    box: tuple[int, int, int, int]
    kind: str
    role: str
    name: str
    why: str = ""


def step(home: Path, episode_id: str, index: int) -> dict[str, Any]:
    """One step in full: its two screens, the boxes on the first, what was done and what came of it.

    Raises NotFound, Corrupt.
    """
    directory = trajectory.find(home, episode_id)
    recording = trajectory.read(directory)
    one = episodes.step_of(recording, index)
    blobs = reader.blobs_of(directory)
    before, after = one.before.screen, one.after.screen
    return {
        **episodes.step_shown(one, blobs),
        "before": trajectory.screen_of(before),
        "after": trajectory.screen_of(after),
        "size": [before.width, before.height],
        "same_size": (before.width, before.height) == (after.width, after.height),
        "source": one.before.tree.source,
        "elements": one.before.tree.elements,
        "layers": layers(directory, one.before),
        "changed_boxes": [box.as_list() for box in one.effect.boxes],
        "took": _took(one),
        "of": len(recording.steps),
        "settled": one.settled,
        "stable": one.before.stable,
        "redacted": one.redacted or before.redacted > 0,
        "step_id": one.step_id,
    }


def layers(directory: Path, seen: ObservationRef) -> dict[str, tuple[Mark, ...]]:
    """The boxes of one observation by source. Raises NotFound, Corrupt."""
    return _layers(directory, seen)


@lru_cache(64)
def _layers(directory: Path, seen: ObservationRef) -> dict[str, tuple[Mark, ...]]:
    from grounding import elements
    from grounding.scene import Scene
    from grounding.stored import Stored
    from grounding.view import View

    observation = Stored(reader.blobs_of(directory)).observation(seen)
    found = View.of(Scene(observation), seen.screen.sha256).found
    kept = {
        node.id: Mark(_tuple(node.box), elements.data_type(node), node.element.role, node.name)
        for node in found.kept
    }
    tree = tuple(
        Mark(_tuple(element.box), "raw", element.role, visible(element.name),
             "" if element.id in kept else found.reasons.get(element.id, ""))
        for element in observation.tree.elements
        if element.box is not None and element.box.area
    )  # fmt: skip
    return {"tree": _largest_first(tree), "kept": _largest_first(tuple(kept.values()))}


def _largest_first(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """So that the small ones lie on top and can be pointed at."""
    return tuple(sorted(marks, key=lambda mark: -Box(*mark.box).area))


def _tuple(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.right, box.bottom


def _took(one: Step) -> dict[str, float]:
    """Where a step's time went, in seconds."""
    return {
        "looked": round((one.before.tree.t_end_ns - one.before.tree.t_start_ns) / 1e9, 3),
        "acted": round((one.result.t_end_ns - one.result.t_start_ns) / 1e9, 3),
        "settled": round(one.settle_s, 3),
        "whole": round((one.t_commit_ns - one.t_intent_ns) / 1e9, 3),
    }
