"""Pools and machines: what is desired, what is observed, every transition an event."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from infra.errors import Conflict, NotFound
from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import MachineTable, PoolTable
from infra.store.rows import Desired, Machine, Observed, Pool


def pools(tx: Tx) -> list[Pool]:
    """Every pool, by name."""
    return [row(Pool, p) for p in tx.scalars(select(PoolTable).order_by(PoolTable.name))]


def set_pools(tx: Tx, wanted: list[Pool], at_ns: int) -> None:
    """Make `wanted` the only pools there are; the reconciler brings the machines after it."""
    tx.execute(delete(PoolTable).where(PoolTable.name.not_in([p.name for p in wanted])))
    for pool in wanted:
        tx.merge(
            PoolTable(
                name=pool.name,
                kind=pool.kind,
                image=pool.image,
                count=pool.count,
                settings=pool.settings,
                recycle=pool.recycle,
                failures=0,
                not_before_ns=0,
            )
        )
    events.add(tx, at_ns, "fleet.desired", "fleet", pools={p.name: p.count for p in wanted})


def add(tx: Tx, machine: Machine) -> None:
    """Record a machine that is about to be made."""
    fields = {name: getattr(machine, name) for name in Machine.__slots__}
    tx.add(MachineTable(**fields))
    events.add(tx, machine.since_ns, "machine.state", machine.uuid, machine.reason,
               state=machine.observed, pool=machine.pool)  # fmt: skip


def alive(tx: Tx) -> list[Machine]:
    """Every machine that is not gone, oldest first."""
    query = select(MachineTable).where(MachineTable.observed != "GONE")
    return [row(Machine, m) for m in tx.scalars(query.order_by(MachineTable.name))]


def get(tx: Tx, name: str) -> Machine:
    """The machine of that name or UUID. Raises NotFound with the nearest name."""
    query = select(MachineTable).where((MachineTable.uuid == name) | (MachineTable.name == name))
    stored = tx.scalar(query)
    if stored is None:
        raise NotFound.among("machine", name, [m.name for m in alive(tx)], "trawl machine list")
    return row(Machine, stored)


def move(
    tx: Tx,
    machine: Machine,
    observed: Observed,
    reason: str,
    at_ns: int,
    *,
    deadline_ns: int | None = None,
) -> Machine:
    """Write a transition and its event. Raises Conflict where `machine` is no longer current."""
    changed = tx.execute(
        update(MachineTable)
        .where(MachineTable.uuid == machine.uuid, MachineTable.generation == machine.generation)
        .values(
            observed=observed,
            reason=reason,
            since_ns=at_ns,
            seen_ns=at_ns,
            deadline_ns=deadline_ns,
            generation=machine.generation + 1,
        )
        .returning(MachineTable.uuid)
    ).all()
    if not changed:
        raise Conflict(f"machine {machine.name} changed meanwhile", subject=machine.uuid)
    events.add(tx, at_ns, "machine.state", machine.uuid, reason,
               state=observed, before=machine.observed, pool=machine.pool)  # fmt: skip
    return get(tx, machine.uuid)


def want(tx: Tx, uuid: str, desired: Desired) -> None:
    """Write what is wanted of one machine."""
    tx.execute(update(MachineTable).where(MachineTable.uuid == uuid).values(desired=desired))


def extend(tx: Tx, uuid: str, deadline_ns: int) -> None:
    """A machine in use showed progress: its state may last until then."""
    tx.execute(
        update(MachineTable).where(MachineTable.uuid == uuid).values(deadline_ns=deadline_ns)
    )


def seen(tx: Tx, uuids: list[str], at_ns: int) -> None:
    """A fresh sign of life of each."""
    tx.execute(update(MachineTable).where(MachineTable.uuid.in_(uuids)).values(seen_ns=at_ns))
