"""How long each state may last, and how old a sign of life may be."""

from __future__ import annotations

from typing import Final

from infra.store.rows import LIVE, Observed

S: Final = 1_000_000_000
START_S: Final = 60
RESUME_S: Final = 60
LEASE_S: Final = 180
"""A holder that commits no step for so long loses its machine."""
UNKNOWN_S: Final = 30
"""The grace of a machine that gives no sign, before it is lost."""
ENDING_S: Final = 120
LASTS_S: Final[dict[Observed, int]] = {
    "STARTING": START_S, "RESUMING": RESUME_S, "READY": RESUME_S, "BUSY": LEASE_S,
    "UNKNOWN": UNKNOWN_S, "DIRTY": ENDING_S, "LOST": ENDING_S,
}  # fmt: skip
"""Every transitional state; PARKED and QUARANTINED may last."""

SIGN_TTL_S: Final = 30
"""An observation older than this is none: the machine is unknown."""
GONE_S: Final = 1.0
"""A process that is not there for so long is gone, and does not just start again."""
ASK_AFTER_S: Final = 8
"""A machine whose last sign is so old is asked for one."""
HOST_SILENT_S: Final = 20
"""A host that has not said anything for so long gets no new machines; its own are unknown."""
HOST_LOST_S: Final = 60
"""And after so long they are lost, and others take their place."""

START_BUDGET: Final = 5
"""So many failures in a row, and the pool starts nothing more until somebody has looked."""
BACKOFF_S: Final = (1, 5, 15, 60)
FORGET_S: Final = 600
"""Failures older than this do not count."""
NO_ROOM_S: Final = 5
"""A host without room for a machine looks again after so long."""


def until_ns(state: Observed, now_ns: int) -> int | None:
    """When a state that begins now must have been left; None for one that may last."""
    return now_ns + LASTS_S[state] * S if state in LASTS_S else None


def shown(observed: Observed, seen_ns: int, now_ns: int) -> Observed:
    """The state as anybody may be shown it: what is not known any more is never said to be well."""
    is_stale = now_ns - seen_ns > SIGN_TTL_S * S
    return "UNKNOWN" if observed in LIVE and is_stale else observed
