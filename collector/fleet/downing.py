"""A fleet that goes down: nothing is wanted any more, and every host brings itself to nothing.

What is wanted stands in the database, so it reaches every host: those that speak within a pass,
one that is silent when it comes back. Each says goodbye when it has nothing left.
"""

from __future__ import annotations

from collector.fleet.deadlines import HOST_SILENT_S, S
from infra.store import hosts, machines, pools, runs
from infra.store.engine import Tx


def want(tx: Tx, now_ns: int) -> None:
    """Want no machine and no run until the next `up`."""
    pools.want(tx, [], now_ns)
    runs.cancel_all(tx, now_ns)


def going(tx: Tx, now_ns: int) -> set[str]:
    """The hosts that speak and still have something to end.

    A cordoned host stays known, so only its machines count.
    """
    speaking = {h.name: h for h in hosts.listed(tx) if now_ns - h.seen_ns < HOST_SILENT_S * S}
    with_machines = {machine.host for machine in machines.alive(tx)}
    return {n for n, h in speaking.items() if not h.cordoned or n in with_machines}
