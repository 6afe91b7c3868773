"""The log's records as plain data: `header`, `first`, `intent`, `result`, `commit`, `close`.

One episode is header, first observation, then for each step an intent, its result and its
commit, then the close. A commit holds the whole step but its intent, so no step is ever half.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Final

from envs.actions import from_record
from envs.base import ActResult
from envs.recording.types import (
    STATUSES,
    Close,
    Effect,
    Header,
    Intent,
    ObservationRef,
    ScreenRef,
    Step,
    TreeRef,
)
from envs.types import Box, EnvInfo
from infra.errors import Corrupt

OUTCOMES: Final = frozenset({"applied", "rejected", "unknown"})
Record = dict[str, Any]


def of_header(header: Header) -> Record:
    """The first record of every log."""
    return {"t": "header", **dataclasses.asdict(header)}


def header(record: Record) -> Header:
    """The header of its record."""
    values = _values(record)
    return Header(**{**values, "env": EnvInfo(**values["env"])})


def of_first(observation: ObservationRef) -> Record:
    """The observation before any action."""
    return {"t": "first", **dataclasses.asdict(observation)}


def observation(record: Record) -> ObservationRef:
    """The observation of its record."""
    values = _values(record)
    tree = {**values["tree"], "notes": tuple(values["tree"]["notes"])}
    return ObservationRef(
        **{**values, "screen": ScreenRef(**values["screen"]), "tree": TreeRef(**tree)}
    )


def of_intent(intent: Intent) -> Record:
    """An action about to be tried; its observation is named by number."""
    return {
        "t": "intent",
        "index": intent.index,
        "step_id": intent.step_id,
        "before": intent.before.number,
        "action": intent.action.as_record(),
        "element_id": intent.element_id,
        "why": intent.why,
        "t_ns": intent.t_ns,
        "redacted": intent.redacted,
    }


def intent(record: Record, before: ObservationRef) -> Intent:
    """The intent of its record. Raises Corrupt where it follows another observation."""
    values = _values(record)
    if values.pop("before") != before.number:
        raise Corrupt(f"step {values['index']} does not start where the one before it ended")
    action = from_record(values.pop("action"))
    return Intent(**values, before=before, action=action)


def of_result(result: ActResult) -> Record:
    """What is known of the intent before it."""
    return {"t": "result", **dataclasses.asdict(result)}


def result(record: Record) -> ActResult:
    """The result of its record."""
    values = _values(record)
    if values["outcome"] not in OUTCOMES:
        raise Corrupt(f"no outcome {values['outcome']!r}")
    return ActResult(**values)


def of_commit(step: Step) -> Record:
    """A step whole: what it led to and what that changed."""
    return {
        "t": "commit",
        "settle_s": step.settle_s,
        "settled": step.settled,
        "after": dataclasses.asdict(step.after),
        "effect": {
            **dataclasses.asdict(step.effect),
            "boxes": [box.as_list() for box in step.effect.boxes],
        },
        "t_ns": step.t_commit_ns,
    }


def step(record: Record, tried: Intent, outcome: ActResult) -> Step:
    """The step of its commit record, the intent and the result before it."""
    values = _values(record)
    effect = values["effect"]
    return Step(
        index=tried.index,
        step_id=tried.step_id,
        before=tried.before,
        action=tried.action,
        element_id=tried.element_id,
        why=tried.why,
        result=outcome,
        settle_s=values["settle_s"],
        settled=values["settled"],
        after=observation(values["after"]),
        effect=Effect(**{**effect, "boxes": tuple(Box(*box) for box in effect["boxes"])}),
        t_intent_ns=tried.t_ns,
        t_commit_ns=values["t_ns"],
        redacted=tried.redacted,
    )


def of_close(close: Close) -> Record:
    """The last record."""
    return {"t": "close", **dataclasses.asdict(close)}


def close(record: Record) -> Close:
    """The close of its record."""
    values = _values(record)
    if values["status"] not in STATUSES:
        raise Corrupt(f"no status {values['status']!r}")
    return Close(**values)


def _values(record: Record) -> Record:
    return {key: value for key, value in record.items() if key != "t"}
