"""The rows as the rest of the house sees them: frozen values, states as closed sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

Desired = Literal["RUNNING", "DRAINED", "GONE"]
Observed = Literal[
    "ABSENT", "STARTING", "PARKED", "RESUMING", "READY", "BUSY", "DIRTY",
    "UNKNOWN", "LOST", "QUARANTINED", "GONE",
]  # fmt: skip
LIVE: Final = frozenset({"PARKED", "READY", "BUSY"})
"""The states that say a machine is well: entered by a sign of life, shown only with a fresh one."""
RunStatus = Literal["queued", "running", "cancelling", "completed", "cancelled", "failed"]
EpisodeStatus = Literal[
    "queued", "running", "completed", "interrupted", "infra_lost", "tainted", "failed"
]


@dataclass(frozen=True, slots=True)
class Pool:
    """So many machines of one kind and image."""

    name: str
    kind: str
    image: str
    count: int
    settings: dict[str, Any] = field(default_factory=dict)
    recycle: dict[str, Any] = field(default_factory=dict)
    failures: int = 0
    not_before_ns: int = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine as last observed; writes to it name the `generation` they saw."""

    uuid: str
    name: str
    pool: str
    kind: str
    image: str
    desired: Desired
    observed: Observed
    reason: str
    since_ns: int
    deadline_ns: int | None
    seen_ns: int
    generation: int
    fence: int
    episodes: int
    host: str = ""
    stage: str = ""
    born_ns: int = 0
    private_bytes: int = 0
    latency_ms: int = 0


@dataclass(frozen=True, slots=True)
class Host:
    """A host that runs machines: what it has free and when it last said so.

    `running` is how many of its machines may be awake at once.
    """

    name: str
    seen_ns: int
    running: int
    memory_bytes: int
    disk_bytes: int
    cordoned: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to drive one machine; its fence is larger than any before it."""

    id: str
    machine: str
    holder: str
    fence: int
    acquired_ns: int
    until_ns: int
    released_ns: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """What was submitted and how far it is."""

    id: str
    pool: str
    explorer: str
    episodes: int
    steps: int
    seed: int
    status: RunStatus
    created_ns: int
    ended_ns: int | None


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a run; `recording` names the directory of its last attempt."""

    run: str
    number: int
    status: EpisodeStatus
    attempts: int
    recording: str
    machine: str
    steps: int
    reason: str
    started_ns: int | None
    ended_ns: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A shared storage; `marked` says that its mark was seen or put there."""

    name: str
    identity: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A recording that lies whole on the storage of that name."""

    storage: str
    recording: str
    host: str
    log_sha256: str
    log_bytes: int
    blobs: int
    at_ns: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `who` answered about the `subject` of a queue's `kind`, and how long it took to say."""

    kind: str
    subject: str
    who: str
    answer: str
    note: str
    at_ns: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    id: int
    at_ns: int
    kind: str
    subject: str
    reason: str
    payload: dict[str, Any]
