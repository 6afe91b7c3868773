"""Whether the machines that pools lack can still come: what waits for a fleet asks this.

It hears what happened since the wait began and looks at what is there. A pool comes to nothing
where one of its machines is in quarantine, its starts keep failing, or the host said twice in a row
that it has no room and nothing else moved meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from collector.fleet.deadlines import HOST_SILENT_S, S, shown
from collector.fleet.supply import NO_ROOM, NO_START
from infra.errors import Conflict, TrawlError, Unavailable
from infra.store.rows import Event, Host, Machine, Pool

WELL: Final = frozenset({"PARKED", "RESUMING", "READY", "BUSY"})
FAILED_STARTS: Final = 3
"""So many, and whoever waits is told; the controller still tries a few times more."""
NO_ROOMS: Final = 2


@dataclass(frozen=True, slots=True)
class Look:
    """What is there at one moment."""

    machines: Sequence[Machine]
    hosts: Sequence[Host]
    at_ns: int

    def well(self, pool: Pool) -> int:
        """How many of the machines wanted are well."""
        states = (shown(m.observed, m.seen_ns, self.at_ns) for m in self.machines
                  if m.pool == pool.name)  # fmt: skip
        return min(pool.count, sum(state in WELL for state in states))


class Arrival:
    """One wait for pools to be full."""

    def __init__(self, asked: Sequence[Pool]) -> None:
        self._asked = asked
        self._failed: dict[str, list[str]] = {}
        self._without_room: Counter[str] = Counter()
        self._room: dict[str, str] = {}

    def hear(self, said: Iterable[Event]) -> None:
        """Events since the last time, oldest first."""
        for event in said:
            if event.payload.get("comes"):
                self._without_room.clear()
            elif event.kind == "pool.waits":
                self._without_room[event.subject] += 1
                self._room[event.subject] = event.reason
            elif event.payload.get("state") == "GONE":
                self._gone(event)
            elif event.payload.get("state") == "PARKED":
                self._without_room.clear()
                self._failed.pop(str(event.payload.get("pool")), None)

    def _gone(self, event: Event) -> None:
        if event.reason.startswith(NO_START):
            self._failed.setdefault(str(event.payload.get("pool")), []).append(event.reason)
        if not event.reason.startswith(NO_ROOM):
            self._without_room.clear()  # what went leaves room

    def hopeless(self, look: Look) -> TrawlError | None:
        """Why nothing more can come, pool by pool, as an error that says what to do; else None."""
        lacking = [pool for pool in self._asked if look.well(pool) < pool.count]
        found = [self._stuck(pool, look) for pool in lacking]
        errors = [error for error in found if error is not None]
        if not errors or len(errors) < len(lacking):
            return None
        message = "; ".join(error.message for error in errors)
        return type(errors[0])(message, errors[0].hint, errors[0].subject)

    def _stuck(self, pool: Pool, look: Look) -> TrawlError | None:
        mine = [m for m in look.machines if m.pool == pool.name]
        kept = [m for m in mine if m.observed == "QUARANTINED"]
        if kept:
            return Conflict(
                f"pool {pool.name} starts nothing while {kept[0].name} is in quarantine:"
                f" {kept[0].reason}",
                f"trawl machine show {kept[0].name}; when it is mended, trawl machine release"
                f" {kept[0].name}",
                pool.name,
            )
        if len(self._failed.get(pool.name, ())) >= FAILED_STARTS:
            return Unavailable(
                f"pool {pool.name}: machines do not start: {self._failed[pool.name][-1]}",
                "see run/controller.log; trawl machine list",
                pool.name,
            )
        if self._without_room[pool.name] >= NO_ROOMS:
            return Unavailable(
                f"pool {pool.name}: the host has no room for more than {len(mine)} of"
                f" {pool.count}: {self._room[pool.name]}",
                f"free some, or trawl fleet scale {pool.name} {len(mine)}",
                pool.name,
            )
        return _nobody_takes(pool, look)


def _nobody_takes(pool: Pool, look: Look) -> TrawlError | None:
    """Where every host that speaks is cordoned, no machine is started anywhere."""
    speaking = [h for h in look.hosts if look.at_ns - h.seen_ns < HOST_SILENT_S * S]
    if not speaking or not all(host.cordoned for host in speaking):
        return None
    name = speaking[0].name
    return Conflict(f"pool {pool.name}: every host is cordoned", f"trawl host uncordon {name}",
                    pool.name)  # fmt: skip
