"""What one look says about one machine: a pure function of its row, its process and the time.

The hypervisor decides power: a machine whose process is gone is lost, whatever its row says. A
process that gives no sign is unknown first, and comes back or is lost after its grace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

from collector.fleet.deadlines import GONE_S, LASTS_S, SIGN_TTL_S, S
from collector.fleet.recycle import Recycle
from infra.store.rows import Machine, Observed

IN_USE: Final = frozenset({"RESUMING", "READY", "BUSY"})
ENDING: Final = frozenset({"DIRTY", "LOST"})
Kind = Literal["keep", "unknown", "back", "lost", "end"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a machine, and why."""

    kind: Kind
    reason: str = ""


KEEP: Final = Verdict("keep")
UNFINISHED: Final = "nobody saw the end of its start"


def judge(machine: Machine, *, missing_s: float | None, recycle: Recycle, now_ns: int) -> Verdict:
    """What the reconciler does with `machine` now.

    `missing_s` is for how long its process was not there, None where it is: one that stops and
    starts is not lost by a look in between.
    """
    if machine.observed in ENDING:
        return Verdict("end", machine.reason)
    if machine.observed == "QUARANTINED":
        return Verdict("end", "it was asked to go") if machine.desired == "GONE" else KEEP
    is_late = machine.deadline_ns is not None and machine.deadline_ns < now_ns
    if is_late:
        return Verdict("lost", _too_long(machine))
    if machine.observed == "STARTING":
        return KEEP
    if missing_s is not None:
        return Verdict("lost", "its process is gone") if missing_s >= GONE_S else KEEP
    return _signs(machine, now_ns) or _rest(machine, recycle, now_ns)


def _signs(machine: Machine, now_ns: int) -> Verdict | None:
    """What follows from the age of its last sign of life; None where nothing does."""
    silent = now_ns - machine.seen_ns > SIGN_TTL_S * S
    if machine.observed == "UNKNOWN" and not silent:
        is_back = machine.stage != "STARTING"
        return Verdict("back", "it gives signs again") if is_back else Verdict("lost", UNFINISHED)
    if machine.observed == "UNKNOWN":
        return KEEP
    return Verdict("unknown", f"no sign of life for {SIGN_TTL_S} s") if silent else None


def before(machine: Machine) -> Observed:
    """What an unknown machine was, and is again when it is back."""
    return cast("Observed", machine.stage or "PARKED")


def _too_long(machine: Machine) -> str:
    if machine.observed == "UNKNOWN":
        return f"no sign of life came back within {LASTS_S['UNKNOWN']} s"
    stage = f" ({machine.stage})" if machine.stage else ""
    return f"{machine.observed}{stage} took too long"


def _rest(machine: Machine, recycle: Recycle, now_ns: int) -> Verdict:
    """A machine that is well: it goes where it is not in use and is not wanted or worn out."""
    if machine.observed in IN_USE:
        return KEEP
    if machine.desired == "GONE":
        return Verdict("end", "it was asked to go")
    if machine.desired == "DRAINED":  # somebody looks at it, and says when that is over
        return KEEP
    worn = recycle.resting(machine, now_ns)
    return Verdict("end", worn) if worn else KEEP
