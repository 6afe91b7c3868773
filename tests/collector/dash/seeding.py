"""A database as a fleet leaves it: so many machines in every state, and what happened to them."""

from __future__ import annotations

import random
from typing import Any, Final

from sqlalchemy import insert, text

from collector.dash.desk import Desk
from infra.store import hosts, machines, pools
from infra.store.engine import Tx
from infra.store.models import EventTable
from infra.store.rows import Host, Machine, Pool

STATES: Final = (
    "PARKED", "PARKED", "PARKED", "PARKED", "BUSY", "BUSY", "READY", "STARTING", "RESUMING",
    "DIRTY", "UNKNOWN", "LOST", "QUARANTINED",
)  # fmt: skip
S: Final = 1_000_000_000
GAP_NS: Final = 50_000_000
BATCH: Final = 5_000


def seed(desk: Desk, machine_count: int = 0, event_count: int = 0, **fields: Any) -> list[Machine]:
    """Fill a desk's database; `fields` are said of every machine instead of what is usual."""
    chance, now_ns = random.Random(7), desk.clock.now_ns()
    made = [_machine(number, chance, now_ns, fields) for number in range(machine_count)]
    with desk.store.write() as tx:
        pools.want(
            tx,
            [
                Pool("desktops", "ubuntu", "debian-12", machine_count, recycle={"hours": 4}),
                Pool("pages", "web", "", machine_count // 2),
            ],
            now_ns,
        )
        for name in ("here", "there"):
            hosts.report(tx, Host(name, now_ns, 2, 24 << 30, 200 << 30))
        for machine in made:
            machines.add(tx, machine)
        tx.flush()
        _events(tx, made, event_count, now_ns)
    return made


def _machine(number: int, chance: random.Random, now_ns: int, fields: dict[str, Any]) -> Machine:
    state = STATES[number % len(STATES)]
    said: dict[str, Any] = {
        "uuid": f"00000000-0000-4000-8000-{number:012x}",
        "name": f"m{number:04}",
        "pool": "desktops" if number % 3 else "pages",
        "kind": "ubuntu" if number % 3 else "web",
        "image": "debian-12",
        "desired": "RUNNING",
        "observed": state,
        "reason": f"it is {state.lower()} since it was told so",
        "since_ns": now_ns - chance.randrange(1, 3600) * S,
        "deadline_ns": None,
        "seen_ns": now_ns,
        "generation": 1,
        "fence": number,
        "episodes": number % 5,
        "host": "here" if number % 2 else "there",
        "born_ns": now_ns - chance.randrange(3600, 90_000) * S,
        "private_bytes": chance.randrange(20 << 20, 90 << 20),
        "latency_ms": chance.randrange(80, 900),
    }
    return Machine(**{**said, **fields})


def _events(tx: Tx, made: list[Machine], count: int, now_ns: int) -> None:
    """Steps, changes of state and leases, twenty a second, the newest now; most made in the database."""
    subjects = [machine.uuid for machine in made] or ["fleet"]
    first_ns = now_ns - count * GAP_NS
    rows = [
        {
            "at_ns": first_ns + number * GAP_NS,
            "kind": ("machine.state", "step.committed", "lease.acquired")[number % 3],
            "subject": subjects[number % len(subjects)],
            "reason": "it went on",
            "payload": {"state": "BUSY", "before": "READY", "number": number},
        }
        for number in range(min(count, BATCH))
    ]
    if rows:
        tx.execute(insert(EventTable), rows)
    for batch in range(1, count // BATCH):
        tx.execute(
            text(
                "INSERT INTO events (at_ns, kind, subject, reason, payload)"
                " SELECT at_ns + :later, kind, subject, reason, payload FROM events"
                " WHERE reason = 'it went on' ORDER BY id LIMIT :batch"
            ),
            {"later": batch * BATCH * GAP_NS, "batch": BATCH},
        )
