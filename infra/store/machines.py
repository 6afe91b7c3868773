"""Machines: what is desired, what is observed, every transition an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update

from infra.errors import Conflict, NotFound
from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import LeaseTable, MachineTable
from infra.store.rows import LIVE, Desired, Machine, Observed


def add(tx: Tx, machine: Machine) -> None:
    """Record a machine that is about to be made."""
    fields = {name: getattr(machine, name) for name in Machine.__slots__}
    tx.add(MachineTable(**fields))
    events.add(tx, machine.since_ns, "machine.state", machine.uuid, machine.reason,
               state=machine.observed, pool=machine.pool)  # fmt: skip


def alive(tx: Tx, host: str | None = None) -> list[Machine]:
    """Every machine that is not gone, by name; of one host where it is given."""
    query = select(MachineTable).where(MachineTable.observed != "GONE")
    if host is not None:
        query = query.where(MachineTable.host == host)
    return [row(Machine, m) for m in tx.scalars(query.order_by(MachineTable.name))]


def some(tx: Tx, names: Sequence[str]) -> list[Machine]:
    """Those machines of these names or UUIDs that are not gone, by name."""
    meant = MachineTable.uuid.in_(names) | MachineTable.name.in_(names)
    query = select(MachineTable).where(meant, MachineTable.observed != "GONE")
    return [row(Machine, m) for m in tx.scalars(query.order_by(MachineTable.name))]


def resting(tx: Tx, host: str) -> list[Machine]:
    """The machines of a host that a lease may wake, by name."""
    query = select(MachineTable).where(
        MachineTable.host == host,
        MachineTable.observed == "PARKED",
        MachineTable.desired == "RUNNING",
    )
    return [row(Machine, m) for m in tx.scalars(query.order_by(MachineTable.name))]


def get(tx: Tx, name: str) -> Machine:
    """The machine of that name or UUID. Raises NotFound with the nearest name."""
    query = select(MachineTable).where((MachineTable.uuid == name) | (MachineTable.name == name))
    stored = tx.scalar(query)
    if stored is None:
        raise NotFound.among("machine", name, [m.name for m in alive(tx)], "trawl machine list")
    return row(Machine, stored)


def names(tx: Tx, uuids: Iterable[str]) -> dict[str, str]:
    """What each of these machines is or was called."""
    query = select(MachineTable.uuid, MachineTable.name).where(MachineTable.uuid.in_(list(uuids)))
    return {uuid: name for uuid, name in tx.execute(query)}  # noqa: C416 - rows are not tuples to mypy


def move(
    tx: Tx,
    machine: Machine,
    observed: Observed,
    reason: str,
    at_ns: int,
    *,
    deadline_ns: int | None = None,
    stage: str = "",
) -> Machine:
    """Write a transition and its event. Raises Conflict where `machine` is no longer current."""
    changed = tx.execute(
        update(MachineTable)
        .where(MachineTable.uuid == machine.uuid, MachineTable.generation == machine.generation)
        .values(
            observed=observed,
            reason=reason,
            since_ns=at_ns,
            seen_ns=at_ns if observed in LIVE else machine.seen_ns,
            deadline_ns=deadline_ns,
            stage=stage,
            generation=machine.generation + 1,
        )
        .returning(MachineTable.uuid)
    ).all()
    if not changed:
        raise Conflict(f"machine {machine.name} changed meanwhile", subject=machine.uuid)
    events.add(tx, at_ns, "machine.state", machine.uuid, reason,
               state=observed, before=machine.observed, pool=machine.pool)  # fmt: skip
    return get(tx, machine.uuid)


def want(tx: Tx, uuid: str, desired: Desired, at_ns: int, reason: str = "") -> None:
    """Write what is wanted of one machine, and why."""
    tx.execute(update(MachineTable).where(MachineTable.uuid == uuid).values(desired=desired))
    events.add(tx, at_ns, "machine.desired", uuid, reason, desired=desired)


def progressed(tx: Tx, uuid: str, at_ns: int, deadline_ns: int, latency_ms: int) -> None:
    """A machine in use committed a step: a sign of life, and its state may last until then."""
    tx.execute(
        update(MachineTable)
        .where(MachineTable.uuid == uuid)
        .values(seen_ns=at_ns, deadline_ns=deadline_ns, latency_ms=latency_ms)
    )


def served(tx: Tx, uuid: str) -> None:
    """A machine has served one more episode."""
    tx.execute(
        update(MachineTable)
        .where(MachineTable.uuid == uuid)
        .values(episodes=MachineTable.episodes + 1)
    )


def seen(tx: Tx, uuids: list[str], at_ns: int) -> None:
    """A fresh sign of life of each."""
    tx.execute(update(MachineTable).where(MachineTable.uuid.in_(uuids)).values(seen_ns=at_ns))


def costs(tx: Tx, private_bytes: dict[str, int]) -> None:
    """What each of these machines holds of memory that is its own."""
    rows = [{"uuid": uuid, "private_bytes": size} for uuid, size in private_bytes.items()]
    if rows:
        tx.execute(update(MachineTable), rows)


def shift(tx: Tx, host: str, by_ns: int, at_ns: int) -> None:
    """The host's clock jumped: its machines' times and the leases on them move along."""
    mine = MachineTable.host == host
    tx.execute(
        update(MachineTable)
        .where(mine, MachineTable.observed != "GONE")
        .values(
            seen_ns=MachineTable.seen_ns + by_ns,
            since_ns=MachineTable.since_ns + by_ns,
            deadline_ns=MachineTable.deadline_ns + by_ns,
        )
    )
    held = select(MachineTable.uuid).where(mine)
    tx.execute(
        update(LeaseTable)
        .where(LeaseTable.released_ns.is_(None), LeaseTable.machine.in_(held))
        .values(until_ns=LeaseTable.until_ns + by_ns)
    )
    events.add(tx, at_ns, "host.clock_jumped", host, by_s=round(by_ns / 1e9, 3))
