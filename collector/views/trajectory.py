"""Trajectories: recordings from the newest back, and one of them with what was thought of its steps.

The recording is the truth; goals, thoughts and words come from the samples, where it was grounded.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from collector.fleet.query import Askable, Query
from collector.views import episode as episodes
from collector.views.remembered import remembered
from envs.recording import reader
from envs.recording.types import STATUSES, Recording, ScreenRef
from infra import ordered
from infra.errors import NotFound, TrawlError

ASKABLE: Final = Askable(
    "trajectories",
    ("status", "platform", "image", "explorer", "run", "pool", "episode"),
    "such as status:completed platform:web",
    {"status": (*STATUSES, "open", "unreadable")},
)
LOOKED_AT: Final = 2000
"""Recordings that are read for one page; the next page goes on where that left off."""
REMEMBERED: Final = 20_000
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
"""What a recording's directory is called: one part of a path, and never one above it."""


def listed(home: Path, meant: Query, before: str = "", most: int = 60) -> dict[str, Any]:
    """The newest recordings that are meant, from those older than `before`.

    `next` is the id that the next page is before, empty where there are no older ones.
    """
    names = _names(home)
    older = [name for name in names if not before or name < before]
    rows: list[dict[str, Any]] = []
    last = ""
    for name in older[:LOOKED_AT]:
        row = _row(home / "recordings" / name)
        if row is not None and meant.matches(row):
            rows.append(row)
        last = name
        if len(rows) == most:
            break
    is_end = not older or last == older[-1]
    return {"rows": rows, "next": "" if is_end else last, "total": len(names)}


def shown(home: Path, episode_id: str) -> dict[str, Any]:
    """One recording: where it came from, its steps in a line each. Raises NotFound, Corrupt."""
    directory = find(home, episode_id)
    recording = read(directory)
    told = told_of(home, episode_id)
    thought = {step["step"]: step for step in told.get("steps", ())}
    env = recording.header.env
    return {
        **episodes.shown(directory),
        "goal": told.get("goal") or recording.header.goal,
        "lang": told.get("lang", "en"),
        "is_grounded": bool(told),
        "pool": recording.header.pool,
        "machine": env.machine_id,
        "os": " ".join(part for part in (env.os_id, env.os_version) if part),
        "size": [env.width, env.height],
        "scale": env.scale,
        "versions": recording.header.versions,
        "parameters": recording.header.parameters,
        "started_ns": recording.header.started_ns,
        "took_s": _took_s(recording),
        "said": {s.index: _said(thought.get(s.index, {})) for s in recording.steps},
        "goals": goals_of(home, episode_id),
        "screen": _screen(recording),
    }


def find(home: Path, episode_id: str) -> Path:
    """The directory of that recording. Raises NotFound with the nearest id."""
    directory = home / "recordings" / episode_id if NAME.fullmatch(episode_id) else home
    return directory if (directory / "log").is_file() else reader.find(home, episode_id)


def read(directory: Path) -> Recording:
    """The recording in a directory, which is remembered while its log stays the same."""
    try:
        return _read(directory / "log")
    except (OSError, ValueError) as error:
        raise NotFound(f"no recording at {directory}", "see: trawl episode list") from error


def told_of(home: Path, episode_id: str) -> dict[str, Any]:
    """The sample that was made of a whole recording; empty where none was."""
    found = next(_samples(home, "trajectories.jsonl", episode_id), {})
    return found if found.get("id") == episode_id else {}


def goals_of(home: Path, episode_id: str) -> list[dict[str, Any]]:
    """What stretches of the recording were found to reach."""
    return [
        {"id": goal["id"], "goal": goal["goal"], "kind": goal["goal_kind"],
         "completed": goal["task_completed"], "steps": [step["step"] for step in goal["steps"]]}
        for goal in _samples(home, "goals.jsonl", f"{episode_id}.")
    ]  # fmt: skip


def _samples(home: Path, name: str, begins: str) -> Iterator[dict[str, Any]]:
    """The records whose ids begin so, of a file that is in the order of recordings."""
    from grounding.build import directory

    try:
        for record in ordered.since(directory(home) / name, begins):
            if not record["id"].startswith(begins):
                return
            yield record
    except FileNotFoundError:
        return


def _said(step: dict[str, Any]) -> dict[str, Any]:
    keys = ("observation", "thought", "action_text", "reflection", "thought_flags", "element")
    return {key: step.get(key) for key in keys}


def _names(home: Path) -> list[str]:
    """The ids of all recordings, the newest first."""
    try:
        with os.scandir(home / "recordings") as found:
            return sorted((entry.name for entry in found), reverse=True)
    except FileNotFoundError:
        return []


def _row(directory: Path) -> dict[str, Any] | None:
    """A recording in a row; None where there is none."""
    try:
        return _glanced(directory / "log")
    except OSError:
        return None


@remembered(REMEMBERED)
def _glanced(log: Path) -> dict[str, Any]:
    try:
        recording = reader.glance(log.parent)
    except TrawlError as error:
        return {**dict.fromkeys((*episodes.COLUMNS, "pool", "goal"), ""), "steps": None,
                "episode": log.parent.name, "status": "unreadable", "reason": str(error),
                "started_ns": None, "screen": None}  # fmt: skip
    close = recording.close
    return {
        **episodes.row_of(recording),
        "steps": close.steps if close else len(recording.steps),
        "pool": recording.header.pool,
        "goal": recording.header.goal,
        "reason": close.reason if close else "",
        "started_ns": recording.header.started_ns,
        "screen": _screen(recording),
    }


@remembered(8)
def _read(log: Path) -> Recording:
    return reader.read(log.parent)


def _screen(recording: Recording) -> dict[str, Any] | None:
    """The last screen that is known of a recording."""
    seen = recording.observations()
    return screen_of(seen[-1].screen) if seen else None


def screen_of(screen: ScreenRef) -> dict[str, Any]:
    """What a picture's address is made of."""
    return {"sha256": screen.sha256, "width": screen.width, "height": screen.height}


def _took_s(recording: Recording) -> float | None:
    if recording.first is None or not recording.steps:
        return None
    return (recording.steps[-1].t_commit_ns - recording.first.tree.t_start_ns) / 1e9
