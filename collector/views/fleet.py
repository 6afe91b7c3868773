"""The fleet: pools against what is there, how the work goes, and what needs somebody."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, get_args

from collector.fleet.deadlines import S, shown
from collector.views import event, host
from collector.views.needs import Moment, needs
from infra.hypervisor.room import available_bytes, disk_bytes, free_disk_bytes, memory_bytes
from infra.settings import Settings
from infra.store import Tx, census, events, hosts, leases, machines, pools
from infra.store.rows import Machine, Observed, Pool

STATES: Final[tuple[str, ...]] = tuple(s for s in get_args(Observed) if s not in ("ABSENT", "GONE"))
"""What a machine that is there can be in."""
MINUTES: Final = 60
"""The work of so many minutes is shown."""
LATELY: Final = 15
"""Steps a minute are those of so many minutes."""


def by_pool(rows: list[Machine], now_ns: int) -> dict[str, dict[str, int]]:
    """Counts by pool and shown state, zeros included."""
    counts: dict[str, dict[str, int]] = {}
    for machine in rows:
        states = counts.setdefault(machine.pool, dict.fromkeys(STATES, 0))
        states[shown(machine.observed, machine.seen_ns, now_ns)] += 1
    return counts


def status(tx: Tx, now_ns: int, *, is_up: bool) -> dict[str, Any]:
    """Machines by pool and state, and whether the controller answers."""
    counts = by_pool(machines.alive(tx), now_ns)
    return {
        "controller": "up" if is_up else "down",
        "pools": [_pool(pool, counts) for pool in pools.listed(tx)],
    }


def _pool(pool: Pool, counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    return {
        "name": pool.name, "kind": pool.kind, "image": pool.image, "wanted": pool.count,
        "failures": pool.failures, "recycle": pool.recycle,
        "states": counts.get(pool.name, dict.fromkeys(STATES, 0)),
    }  # fmt: skip


def overview(tx: Tx, settings: Settings, now_ns: int) -> dict[str, Any]:
    """Everything that the first page says, of one moment."""
    there, wanted, known = machines.alive(tx), pools.listed(tx), hosts.listed(tx)
    held, counts = leases.live(tx), by_pool(there, now_ns)
    steps = _steps(tx, now_ns)
    states = Counter[str](dict.fromkeys(STATES, 0))
    for pool in counts.values():
        states.update(pool)
    rows = [
        _pool(pool, counts) | {"there": sum(counts.get(pool.name, {}).values())} for pool in wanted
    ]
    return {
        "machines": len(there),
        "wanted": sum(pool.count for pool in wanted),
        "states": dict(states),
        "pools": rows,
        "strays": sorted(counts.keys() - {pool.name for pool in wanted}),
        "at_once": sum(h.running for h in known if not host.is_silent(h, now_ns)),
        "hosts": sum(not host.is_silent(h, now_ns) for h in known),
        "waiting": census.waiting(tx),
        "leases": len(held),
        "steps": steps,
        "steps_per_min": round(sum(steps[-LATELY:]) / LATELY, 1),
        "room": room(settings),
        "needs": needs(Moment(there, wanted, known, held, now_ns)),
        "events": event.board(tx, events.newest(tx, 8)),
    }


def _steps(tx: Tx, now_ns: int) -> list[int]:
    """Committed steps of each of the last minutes, oldest first."""
    bounds_ns = [now_ns - minute * 60 * S for minute in range(MINUTES, 0, -1)]
    return events.counted(tx, "step.committed", [*bounds_ns, now_ns + S])


def room(settings: Settings) -> list[dict[str, Any]]:
    """What is free on this host, and below what nothing starts."""
    disks = {"disk of the home": settings.home, "disk of the cache": settings.cache}
    rows = [
        {"name": name, "free": free_disk_bytes(place), "whole": disk_bytes(place),
         "floor": settings.disk_floor_bytes}
        for name, place in disks.items()
    ]  # fmt: skip
    memory = {"name": "memory", "free": available_bytes(), "whole": memory_bytes(),
              "floor": settings.memory_floor_bytes}  # fmt: skip
    return [*rows, memory]
