"""Hosts that fall silent: their machines are unknown first, then lost, and others take their place.

One controller at a time holds the office that does this. A host that comes back finds its machines
lost, ends them and starts others; nobody drives one twice, because its fence is old.
"""

from __future__ import annotations

from typing import Final

from collector.fleet.deadlines import HOST_LOST_S, HOST_SILENT_S, S
from collector.fleet.judge import ENDING, IN_USE
from infra.clock import Clock
from infra.errors import Conflict
from infra.store import Store, hosts, leases, machines, runs
from infra.store.engine import Tx
from infra.store.rows import Machine

OFFICE: Final = "silence"
TERM_S: Final = 30


def forget(tx: Tx, name: str, now_ns: int) -> int:
    """Give up a host and its machines at once; returns how many those were.

    Their episodes are queued again. Raises NotFound, Conflict where the host still speaks.
    """
    known = {host.name: host for host in hosts.listed(tx)}
    if name in known and now_ns - known[name].seen_ns < HOST_SILENT_S * S:
        raise Conflict(
            f"host {name} still speaks", f"stop it first; trawl host cordon {name}", name
        )
    hosts.forget(tx, name, now_ns)
    reason = f"its host {name} was given up"
    left = machines.alive(tx, name)
    for machine in left:
        lost = machine if machine.observed in ENDING else give_up(tx, machine, reason, now_ns)
        machines.move(tx, lost, "GONE", reason, now_ns)
    return len(left)


def give_up(tx: Tx, machine: Machine, reason: str, now_ns: int) -> Machine:
    """A machine that nobody can look at: its driver is refused, its episode queued again."""
    busy = machine.observed in IN_USE or machine.stage in IN_USE
    lost = machines.move(tx, machine, "LOST", reason, now_ns)
    leases.release(tx, machine.uuid, now_ns, reason)
    for episode in runs.running(tx) if busy else []:
        if episode.machine == machine.uuid:
            runs.end(tx, episode, "infra_lost", reason, now_ns)
    return lost


class Silence:
    """Judges hosts that no longer speak for themselves."""

    def __init__(self, store: Store, clock: Clock, holder: str) -> None:
        self._store, self._clock, self._holder = store, clock, holder

    def tick(self) -> bool:
        """Look at every other host once; True where anything was changed."""
        now = self._clock.now_ns()
        changed = False
        with self._store.read() as tx:
            if all(host.name == self._holder for host in hosts.listed(tx)):
                return False  # nobody to judge: no pass of a single host writes for it
        with self._store.write() as tx:
            if hosts.hold(tx, OFFICE, self._holder, now, now + TERM_S * S) is None:
                return False
            for host in hosts.listed(tx):
                silent_ns = now - host.seen_ns
                if host.name == self._holder or silent_ns < HOST_SILENT_S * S:
                    continue
                for machine in machines.alive(tx, host.name):
                    changed = self._judge(tx, machine, silent_ns, now) or changed
        return changed

    def _judge(self, tx: Tx, machine: Machine, silent_ns: int, now: int) -> bool:
        if machine.observed in ENDING or machine.observed == "QUARANTINED":
            return False
        reason = f"its host {machine.host} is silent for {silent_ns // S} s"
        if silent_ns < HOST_LOST_S * S:
            if machine.observed == "UNKNOWN":
                return False
            machines.move(tx, machine, "UNKNOWN", reason, now, stage=machine.observed)
            return True
        give_up(tx, machine, reason, now)
        return True
