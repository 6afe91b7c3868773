"""How Trawl itself is: database, event log, room and versions."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Any, Final

from collector.fleet.deadlines import S
from collector.views import fleet, host
from infra import __version__
from infra.clock import Clock
from infra.settings import Settings
from infra.store import Store, census, events, hosts

PARTS: Final = ("fastapi", "uvicorn", "sqlalchemy", "libvirt-python", "playwright", "numpy")


def seen(store: Store, settings: Settings, clock: Clock) -> dict[str, Any]:
    """What can be known without asking a controller. Raises Unavailable where the database is away."""
    began_s = clock.monotonic_s()
    with store.read() as tx:
        newest = events.newest(tx, 1)
        read_s = clock.monotonic_s() - began_s
        now_ns = clock.now_ns()
        there, ends, known = census.standing(tx), census.lease_ends(tx), hosts.listed(tx)
        waiting = census.waiting(tx)
    return {
        "database": store.name,
        "read_ms": round(read_s * 1000, 1),
        "busy": store.busy,
        "last_event": {"id": newest[0].id, "at_ns": newest[0].at_ns} if newest else None,
        "machines": len(there),
        "late": sum(m.deadline_ns is not None and m.deadline_ns < now_ns for m in there),
        "oldest_sign_s": max(((now_ns - m.seen_ns) / S for m in there if m.observed != "STARTING"),
                             default=0.0),
        "leases": len(ends),
        "overdue": sum(until_ns < now_ns for until_ns in ends),
        "waiting": waiting,
        "hosts": [{"name": h.name, "seen_ns": h.seen_ns, "is_silent": host.is_silent(h, now_ns)}
                  for h in known],
        "room": fleet.room(settings),
        "versions": {"trawl": __version__, "python": platform.python_version(), **_versions()},
    }  # fmt: skip


def _versions() -> dict[str, str]:
    """What is installed of that which this stands on."""
    found = {}
    for name in PARTS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
