"""Machines: their states with reasons, who drives them, what happened to them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from collector.fleet.deadlines import S, shown
from collector.fleet.query import Query
from collector.views import event
from infra.store import Tx, events, leases, machines, runs
from infra.store.rows import Episode, Machine

EVENTS: Final = 1000
"""The last so many are told of one machine."""


def record(machine: Machine, now_ns: int) -> dict[str, Any]:
    """A machine in one row."""
    return {
        "name": machine.name, "uuid": machine.uuid, "pool": machine.pool, "kind": machine.kind,
        "image": machine.image, "host": machine.host, "desired": machine.desired,
        "state": shown(machine.observed, machine.seen_ns, now_ns), "observed": machine.observed,
        "reason": machine.reason, "since_s": ago_s(machine.since_ns, now_ns),
        "seen_s": ago_s(machine.seen_ns, now_ns), "age_s": ago_s(machine.born_ns, now_ns),
        "private_bytes": machine.private_bytes, "latency_ms": machine.latency_ms,
        "episodes": machine.episodes, "fence": machine.fence,
    }  # fmt: skip


def ago_s(at_ns: int, now_ns: int) -> float:
    """Seconds since then, to a tenth."""
    return round((now_ns - at_ns) / S, 1)


def listed(tx: Tx, now_ns: int, meant: Query) -> list[dict[str, Any]]:
    """Every machine that a query means, by name."""
    return [r for m in machines.alive(tx) if meant.matches(r := record(m, now_ns))]


def board(tx: Tx, now_ns: int) -> list[dict[str, Any]]:
    """Every machine with the times of its row, who drives it, and whether its state lasts too long."""
    drivers = {lease.machine: lease for lease in leases.live(tx)}
    rows = []
    for machine in machines.alive(tx):
        lease = drivers.get(machine.uuid)
        rows.append(record(machine, now_ns) | {
            "since_ns": machine.since_ns, "seen_ns": machine.seen_ns, "born_ns": machine.born_ns,
            "stage": machine.stage, "holder": lease.holder if lease else "",
            "late_s": _late_s(machine, now_ns),
        })  # fmt: skip
    return rows


def _late_s(machine: Machine, now_ns: int) -> float:
    """For how long a state has been past its deadline; 0 where it is not."""
    deadline_ns = machine.deadline_ns or now_ns
    return max(0.0, ago_s(deadline_ns, now_ns))


def show(tx: Tx, home: Path, name: str, now_ns: int) -> dict[str, Any]:
    """One machine with its lease and its last events, oldest first. Raises NotFound."""
    from collector.fleet import last_screen

    machine = machines.get(tx, name)
    held = [lease for lease in leases.live(tx) if lease.machine == machine.uuid]
    kept = last_screen.path(home, machine.uuid)
    return {
        **record(machine, now_ns),
        "last_screen": str(kept) if kept.is_file() else None,
        "lease": {"holder": held[0].holder, "fence": held[0].fence} if held else None,
        "events": [
            {"at_ns": e.at_ns, "kind": e.kind, "reason": e.reason, **e.payload}
            for e in events.newest(tx, EVENTS, subject=machine.uuid)
        ],
    }


def life(tx: Tx, name: str, now_ns: int, most: int = 200) -> dict[str, Any]:
    """One machine with its times, its lease, its episode, and its last states and events, newest first.

    Raises NotFound.
    """
    machine = machines.get(tx, name)
    held = [lease for lease in leases.live(tx) if lease.machine == machine.uuid]
    episode = runs.last_on(tx, machine.uuid)
    past = events.newest(tx, most, subject=machine.uuid)
    return record(machine, now_ns) | {
        "since_ns": machine.since_ns, "seen_ns": machine.seen_ns, "born_ns": machine.born_ns,
        "deadline_ns": machine.deadline_ns, "stage": machine.stage,
        "late_s": _late_s(machine, now_ns),
        "lease": {"holder": held[0].holder, "fence": held[0].fence, "since_ns": held[0].acquired_ns,
                  "until_ns": held[0].until_ns} if held else None,
        "episode": {"run": episode.run, "number": episode.number, "steps": episode.steps,
                    "status": episode.status, "recording": episode.recording,
                    "steps_s": _steps_s(tx, episode)} if episode else None,
        "states": states(past, machine.since_ns if machine.observed == "GONE" else now_ns),
        "events": event.board(tx, [e for e in past if e.kind != "machine.state"]),
    }  # fmt: skip


def _steps_s(tx: Tx, episode: Episode, most: int = 400) -> list[float]:
    """The seconds between the commits of an episode's last steps, oldest first."""
    said = events.newest(tx, most, episode.run, "step.committed")
    at_ns = [e.at_ns for e in said if e.payload.get("number") == episode.number]
    return [round(max(0, b - a) / S, 2) for a, b in pairwise(at_ns)]


def states(past: list[Any], until_ns: int) -> list[dict[str, Any]]:
    """What a machine was from when to when, and why, oldest first."""
    moves = [event for event in past if event.kind == "machine.state"]
    ends = [*(move.at_ns for move in moves[1:]), until_ns]
    return [
        {"state": move.payload.get("state", ""), "reason": move.reason, "from_ns": move.at_ns,
         "to_ns": max(move.at_ns, end)}
        for move, end in zip(moves, ends, strict=True)
    ]  # fmt: skip
