"""How many there are of everything: what a fleet's health is read from, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select

from infra.store.engine import Tx
from infra.store.models import EpisodeTable, LeaseTable, MachineTable, PoolTable, RunTable
from infra.store.rows import Observed


@dataclass(frozen=True, slots=True)
class Standing:
    """A machine that is there: its kind and state, and the times that matter."""

    kind: str
    observed: Observed
    seen_ns: int
    deadline_ns: int | None


def standing(tx: Tx) -> list[Standing]:
    """Every machine that is not gone."""
    query = select(
        MachineTable.kind, MachineTable.observed, MachineTable.seen_ns, MachineTable.deadline_ns
    ).where(MachineTable.observed != "GONE")
    return [
        Standing(kind, cast("Observed", state), seen_ns, deadline_ns)
        for kind, state, seen_ns, deadline_ns in tx.execute(query)
    ]


def desired(tx: Tx) -> dict[str, int]:
    """How many machines of each kind the pools ask for."""
    query = select(PoolTable.kind, func.sum(PoolTable.count)).group_by(PoolTable.kind)
    return {kind: int(count) for kind, count in tx.execute(query)}


def lease_ends(tx: Tx) -> list[int]:
    """Until when each lease that nobody released was granted."""
    return list(tx.scalars(select(LeaseTable.until_ns).where(LeaseTable.released_ns.is_(None))))


def outlived(tx: Tx, leases: Iterable[str]) -> int:
    """How many of these leases were released later than they were granted for."""
    query = select(func.count()).where(
        LeaseTable.id.in_(list(leases)), LeaseTable.released_ns > LeaseTable.until_ns
    )
    return tx.scalar(query) or 0


def waiting(tx: Tx) -> int:
    """Episodes of runs that go on which wait for a machine."""
    query = (
        select(func.count())
        .select_from(EpisodeTable)
        .join(RunTable, RunTable.id == EpisodeTable.run)
        .where(EpisodeTable.status == "queued", RunTable.status.in_(("queued", "running")))
    )
    return tx.scalar(query) or 0


def kinds(tx: Tx, run_ids: Iterable[str]) -> dict[str, str]:
    """The kind of machine that each of these runs works on, where its pool still says."""
    query = (
        select(RunTable.id, PoolTable.kind)
        .join(PoolTable, PoolTable.name == RunTable.pool)
        .where(RunTable.id.in_(list(run_ids)))
    )
    return {run: kind for run, kind in tx.execute(query)}  # noqa: C416 - rows are not tuples to mypy
