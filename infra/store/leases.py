"""Leases: at most one live per machine, each with a fence larger than any before it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from infra.errors import Conflict
from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import LeaseTable, MachineTable
from infra.store.rows import Lease


def acquire(
    tx: Tx, lease_id: str, machine: str, holder: str, *, at_ns: int, until_ns: int
) -> Lease:
    """Take the right to drive `machine`. Raises Conflict while somebody else has it."""
    holding = tx.scalar(
        select(LeaseTable).where(LeaseTable.machine == machine, LeaseTable.released_ns.is_(None))
    )
    if holding is not None:
        raise Conflict(f"machine {machine} is leased to {holding.holder}", subject=machine)
    fence = tx.execute(
        update(MachineTable)
        .where(MachineTable.uuid == machine)
        .values(fence=MachineTable.fence + 1)
        .returning(MachineTable.fence)
    ).scalar_one()
    lease = Lease(lease_id, machine, holder, fence, at_ns, until_ns, None)
    tx.add(LeaseTable(**{name: getattr(lease, name) for name in Lease.__slots__}))
    events.add(tx, at_ns, "lease.acquired", machine, holder, lease=lease_id, fence=fence)
    return lease


def renew(tx: Tx, lease: Lease, until_ns: int) -> None:
    """Keep it longer. Raises Conflict where it was taken away meanwhile."""
    changed = tx.execute(
        update(LeaseTable)
        .where(LeaseTable.id == lease.id, LeaseTable.released_ns.is_(None))
        .values(until_ns=until_ns)
        .returning(LeaseTable.id)
    ).all()
    if not changed:
        raise Conflict(f"the lease {lease.id} has ended", subject=lease.machine)


def release(tx: Tx, machine: str, at_ns: int, reason: str) -> None:
    """End the live lease of `machine`, if there is one, whoever has it."""
    _end(tx, LeaseTable.machine == machine, at_ns, reason)


def give_back(tx: Tx, lease: Lease, at_ns: int, reason: str) -> bool:
    """End this very lease; False where it has ended already."""
    return _end(tx, LeaseTable.id == lease.id, at_ns, reason)


def _end(tx: Tx, which: ColumnElement[bool], at_ns: int, reason: str) -> bool:
    ended = tx.execute(
        update(LeaseTable)
        .where(which, LeaseTable.released_ns.is_(None))
        .values(released_ns=at_ns)
        .returning(LeaseTable.id, LeaseTable.machine)
    ).all()
    for lease_id, machine in ended:
        events.add(tx, at_ns, "lease.released", machine, reason, lease=lease_id)
    return bool(ended)


def live(tx: Tx) -> list[Lease]:
    """Every lease that has not been released."""
    query = select(LeaseTable).where(LeaseTable.released_ns.is_(None))
    return [row(Lease, lease) for lease in tx.scalars(query.order_by(LeaseTable.acquired_ns))]


def history(tx: Tx, machine: str | None = None) -> list[Lease]:
    """Every lease there ever was, by fence; of one machine where it is given."""
    query = select(LeaseTable).order_by(LeaseTable.machine, LeaseTable.fence)
    if machine is not None:
        query = query.where(LeaseTable.machine == machine)
    return [row(Lease, lease) for lease in tx.scalars(query)]
