"""Episodes: recordings as rows, each step in a line, one step in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from envs.recording import difference, reader
from envs.recording.types import Recording, Step
from envs.types import Element
from infra.blobs import Blobs
from infra.errors import NotFound, TrawlError

if TYPE_CHECKING:
    from envs.recording.verify import Report
    from infra.storage import Seal

COLUMNS: Final = (
    "episode", "status", "steps", "platform", "image", "explorer", "seed", "run", "started",
)  # fmt: skip


def row(directory: Path) -> dict[str, Any]:
    """What the list says of the episode in `directory`; one that cannot be read says so."""
    try:
        recording = reader.read(directory)
    except TrawlError as error:
        told = dict.fromkeys(COLUMNS, "")
        return {**told, "episode": directory.name, "status": "unreadable", "run": str(error)}
    return row_of(recording)


def row_of(recording: Recording) -> dict[str, Any]:
    """What the list says of a recording."""
    header = recording.header
    return {
        "episode": header.episode_id,
        "status": recording.close.status if recording.close else "open",
        "steps": len(recording.steps),
        "platform": header.env.platform,
        "image": header.env.image,
        "explorer": header.explorer,
        "seed": header.seed,
        "run": header.run_id,
        "started": _when(header.started_ns),
        "stand_in": header.env.stand_in,
        "torn": recording.torn,
    }


def shown(directory: Path) -> dict[str, Any]:
    """One episode: where it came from and each of its steps. Raises NotFound, Corrupt."""
    recording = reader.read(directory)
    return {
        **row_of(recording),
        "reason": recording.close.reason if recording.close else "",
        "steps": [step_row(step) for step in recording.steps],
        **_ends(recording),
    }


def verified(reports: Sequence[Report]) -> dict[str, Any]:
    """What is wrong with each of these episodes, and whether anything is."""
    rows = [report.as_record() for report in reports]
    return {
        "whole": all(report.is_whole for report in reports),
        "steps": sum(report.steps for report in reports),
        "episodes": rows,
    }


def published(seals: Iterable[Seal]) -> list[dict[str, Any]]:
    """Which episodes are on the shared storage now, and how many blobs each names."""
    return [{"episode": seal.episode, "blobs": seal.blobs} for seal in seals]


def step_row(step: Step) -> dict[str, Any]:
    """A step in a line."""
    return {
        "index": step.index,
        "step_id": step.step_id,
        "action": step.action.name,
        "args": step.action.as_record()["args"],
        "element": step.element_id or "",
        "outcome": step.result.outcome,
        "did": step.effect.did_anything,
        "settle_s": round(step.settle_s, 2),
        "settled": step.settled,
        "stable": step.after.stable,
        "redacted": step.redacted,
        "why": step.why,
    }


def step_of(recording: Recording, index: int) -> Step:
    """The step of that index. Raises NotFound."""
    if not 0 <= index < len(recording.steps):
        count = len(recording.steps)
        raise NotFound(f"no step {index}: there are {count}, from 0", subject=str(index))
    return recording.steps[index]


def step_shown(step: Step, blobs: Blobs) -> dict[str, Any]:
    """The step and its effect in full. Raises NotFound, Corrupt."""
    found = difference.of_step(step, blobs)
    target = step.before.tree.load(blobs).by_id().get(step.element_id or "")
    box = step.effect.box
    return {
        "index": step.index,
        "action": step.action.as_record(),
        "element": None if target is None else _element(target),
        "outcome": step.result.outcome,
        "why": step.why,
        "did_anything": step.effect.did_anything,
        "changed_pixels": step.effect.changed_pixels,
        "changed_box": None if box is None else box.as_list(),
        "appeared": [_element(e) for e in found.appeared],
        "vanished": [_element(e) for e in found.vanished],
        "changed": [
            {**_element(c.after), "aspects": {a: _both(c, a) for a in c.aspects}}
            for c in found.changed
        ],
        "counts": {
            "appeared": found.appeared_count,
            "vanished": found.vanished_count,
            "changed": found.changed_count,
        },
    }


def _ends(recording: Recording) -> dict[str, Any]:
    """What stands after the last step."""
    pending = recording.pending
    return {
        "pending": None
        if pending is None
        else {
            "step_id": pending.step_id,
            "action": pending.action.name,
            "outcome": pending.result.outcome if pending.result else "",
        },
        "lost_bytes": recording.lost_bytes,
    }


def _when(ns: int) -> str:
    return datetime.fromtimestamp(ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _element(element: Element) -> dict[str, Any]:
    box = None if element.box is None else element.box.as_list()
    return {"id": element.id, "role": element.role, "name": element.name, "box": box}


def _both(change: difference.Change, aspect: str) -> list[Any]:
    """An aspect before and after."""
    return [_plain(getattr(element, aspect)) for element in (change.before, change.after)]


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.as_list() if hasattr(value, "as_list") else value
