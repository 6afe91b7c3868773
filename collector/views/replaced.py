"""What a run's machines cost when they were replaced: how many, why, and how long a pool lacked them.

A machine that served the run and was given up leaves a seat empty until its pool's next new machine
rests, or the run ends. All of it is read from the log: changes of state with reasons and times.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from infra.store import Tx, events
from infra.store.rows import Event, Run

CHANGES: Final = 5_000
"""Changes of state that are read, the newest of the run's time."""
GIVEN_UP: Final = frozenset({"DIRTY", "LOST", "QUARANTINED"})
DRIVEN: Final = frozenset({"RESUMING", "READY", "BUSY"})
NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def shown(tx: Tx, run: Run, now_ns: int) -> dict[str, Any]:
    """The machines of a run that were replaced, by reason, and the seconds that seats were empty."""
    until_ns = run.ended_ns or now_ns
    found = events.between(tx, "machine.state", run.created_ns, until_ns, CHANGES)
    return {**told(found, run, until_ns), "is_cut": len(found) == CHANGES}


def told(changes: Iterable[Event], run: Run, until_ns: int) -> dict[str, Any]:
    """The same from changes of state, oldest first; the dearest reason stands first."""
    seats = _Seats(f"leased to {run.id}")
    for change in changes:
        if change.payload.get("pool") == run.pool:
            seats.hear(change)
    seats.close(until_ns)
    rows = [
        {"reason": why, "machines": len(lost_ns), "lost_s": sum(lost_ns) / 1e9}
        for why, lost_ns in seats.lost_ns.items()
    ]
    return {
        "machines": sum(row["machines"] for row in rows),
        "lost_s": sum(row["lost_s"] for row in rows),
        "reasons": sorted(rows, key=lambda row: (-row["lost_s"], row["reason"])),
    }


@dataclass(slots=True)
class _Seats:
    """The seats of one pool; who comes takes the one that was left first, whoever left it."""

    leased: str
    lost_ns: dict[str, list[int]] = field(default_factory=dict)
    """By reason, figures in it left out: how long each seat of the run was empty."""
    _ours: set[str] = field(default_factory=set)
    _empty: deque[tuple[int, str | None]] = field(default_factory=deque)
    """Since when, and why where it was the run's."""

    def hear(self, change: Event) -> None:
        """One change of state."""
        state, before = change.payload.get("state"), change.payload.get("before")
        if state == "RESUMING":
            self._ours.discard(change.subject)
            self._ours |= {change.subject} if change.reason == self.leased else set()
        elif state in GIVEN_UP and before in DRIVEN:
            is_ours = change.subject in self._ours
            why = NUMBER.sub("…", change.reason) if is_ours else None
            self._empty.append((change.at_ns, why))
        elif state == "PARKED" and before == "STARTING" and self._empty:
            self._fill(change.at_ns)

    def close(self, until_ns: int) -> None:
        """Nobody comes any more."""
        while self._empty:
            self._fill(until_ns)

    def _fill(self, at_ns: int) -> None:
        since_ns, why = self._empty.popleft()
        if why is not None:
            self.lost_ns.setdefault(why, []).append(max(0, at_ns - since_ns))
