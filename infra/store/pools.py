"""Pools: what operators want, and how starting their machines went lately."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from infra.errors import NotFound
from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import PoolTable
from infra.store.rows import Pool


def listed(tx: Tx) -> list[Pool]:
    """Every pool, by name."""
    return [row(Pool, p) for p in tx.scalars(select(PoolTable).order_by(PoolTable.name))]


def want(tx: Tx, wanted: Sequence[Pool], at_ns: int) -> None:
    """Make `wanted` the only pools there are; the reconciler brings the machines after it."""
    tx.execute(delete(PoolTable).where(PoolTable.name.not_in([p.name for p in wanted])))
    for pool in wanted:
        tx.merge(PoolTable(**{name: getattr(pool, name) for name in Pool.__slots__}))
    events.add(tx, at_ns, "fleet.desired", "fleet", pools={p.name: p.count for p in wanted})


def is_down(tx: Tx) -> bool:
    """Whether somebody said that nothing is wanted; a fleet that was never up is not down."""
    if tx.scalar(select(PoolTable.name).limit(1)) is not None:
        return False
    return bool(events.newest(tx, 1, "fleet", "fleet.desired"))


def scale(tx: Tx, name: str, count: int, at_ns: int) -> Pool:
    """Want so many machines of one pool, whatever the others have. Raises NotFound."""
    stored = tx.get(PoolTable, name)
    if stored is None:
        known = tx.scalars(select(PoolTable.name))
        raise NotFound.among("pool", name, known, "trawl fleet up --file fleet.toml")
    if stored.count != count:
        stored.count = count
        events.add(tx, at_ns, "fleet.desired", "fleet", pools={name: count})
    tx.flush()
    return row(Pool, stored)


def failed(tx: Tx, name: str, failures: int, not_before_ns: int) -> None:
    """A machine of the pool did not start or wake; none is started before that time."""
    tx.execute(
        update(PoolTable)
        .where(PoolTable.name == name)
        .values(failures=failures, not_before_ns=not_before_ns)
    )


def waits(
    tx: Tx, name: str, reason: str, not_before_ns: int, at_ns: int, *, comes: bool = False
) -> None:
    """The pool's next machine cannot start now, by nobody's failure.

    The host has no room for it, or what it needs is being made and so `comes` by itself.
    """
    tx.execute(update(PoolTable).where(PoolTable.name == name).values(not_before_ns=not_before_ns))
    events.add(tx, at_ns, "pool.waits", name, reason, comes=comes)
