"""A person at a machine: they hold its lease as an episode would, and it is used up afterwards.

The controller takes the machine, since only it can wake one. Whoever let the person in keeps the
lease while they work and gives it back; where that does not happen the lease runs out, as it does
for an episode, and the machine is lost and replaced.
"""

from __future__ import annotations

import contextlib
from typing import Final

from collector.fleet.backends import Backends
from collector.fleet.deadlines import LEASE_S, S, until_ns
from infra.clock import Clock
from infra.errors import Conflict
from infra.ids import Ids
from infra.store import Store, events, leases, machines
from infra.store.engine import Tx
from infra.store.rows import Lease, Machine

PERSON: Final = "person "
"""Before their name, as the holder of a lease."""


class Hands:
    """Takes resting machines of one host for people; safe to share between threads."""

    def __init__(self, store: Store, backends: Backends, clock: Clock, ids: Ids, host: str) -> None:
        self._store, self._backends, self._clock = store, backends, clock
        self._ids, self._host = ids, host

    def take(self, name: str, who: str) -> Lease:
        """Lease a resting machine to `who` and wake it.

        Raises NotFound, Conflict where it is in use or elsewhere, and TrawlError where it does not
        wake; then it is used up and the lease is over.
        """
        now = self._clock.now_ns()
        with self._store.write() as tx:
            machine = self._resting(tx, name)
            lease = leases.acquire(
                tx, self._ids.new("ls"), machine.uuid, PERSON + who,
                at_ns=now, until_ns=now + LEASE_S * S,
            )  # fmt: skip
            machine = machines.move(
                tx, machine, "RESUMING", f"{who} takes it", now,
                deadline_ns=until_ns("RESUMING", now),
            )  # fmt: skip
        try:
            self._backends(machine.kind).wake(machine, lease.fence)
            self._woken(machine, who)
        except BaseException:
            with self._store.write() as tx:
                end(tx, lease, self._clock.now_ns(), "it did not wake")
            raise
        return lease

    def let_go(self, why: str) -> None:
        """Take every machine of this host back that a person has."""
        now = self._clock.now_ns()
        with self._store.read() as tx:
            here = {machine.uuid for machine in machines.alive(tx, self._host)}
            held = [lease for lease in leases.live(tx)
                    if lease.machine in here and lease.holder.startswith(PERSON)]  # fmt: skip
        for lease in held:
            with self._store.write() as tx:
                end(tx, lease, now, why)

    def _resting(self, tx: Tx, name: str) -> Machine:
        machine = machines.get(tx, name)
        if machine.host != self._host:
            raise Conflict(f"{machine.name} is on host {machine.host}", "ask there", machine.name)
        if machine.observed != "PARKED" or machine.desired == "GONE":
            state = machine.observed if machine.observed != "PARKED" else "about to go"
            raise Conflict(
                f"{machine.name} is {state}: {machine.reason}",
                "only a resting machine can be taken",
                machine.name,
            )
        return machine

    def _woken(self, machine: Machine, who: str) -> None:
        now = self._clock.now_ns()
        with self._store.write() as tx:
            ready = machines.move(
                tx, machine, "READY", "it answered", now, deadline_ns=until_ns("READY", now)
            )
            machines.move(
                tx, ready, "BUSY", f"{who} works on it", now, deadline_ns=until_ns("BUSY", now)
            )


def keep(tx: Tx, lease: Lease, now_ns: int) -> None:
    """The person is still there. Raises Conflict where the machine was taken from them or is to go."""
    until = now_ns + LEASE_S * S
    leases.renew(tx, lease, until)
    machine = machines.get(tx, lease.machine)
    if machine.desired == "GONE":
        raise Conflict(f"{machine.name} is to go", "take another", machine.name)
    machines.progressed(tx, machine.uuid, now_ns, until, machine.latency_ms)


def end(tx: Tx, lease: Lease, now_ns: int, why: str, inputs: int = 0) -> None:
    """Give the machine back: nobody gets it after a person, and what they did is in the log."""
    if not leases.give_back(tx, lease, now_ns, why):
        return
    who = lease.holder.removeprefix(PERSON)
    events.add(tx, now_ns, "machine.intervention", lease.machine, why, who=who, inputs=inputs,
               lease=lease.id, seconds=round((now_ns - lease.acquired_ns) / S, 1))  # fmt: skip
    machine = machines.get(tx, lease.machine)
    if machine.observed in ("RESUMING", "READY", "BUSY", "UNKNOWN"):
        with contextlib.suppress(Conflict):
            machines.move(tx, machine, "DIRTY", f"{who} worked on it", now_ns,
                          deadline_ns=until_ns("DIRTY", now_ns))  # fmt: skip
