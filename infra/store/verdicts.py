"""What people judged: one answer of each person about each subject, its history in the event log."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import VerdictTable
from infra.store.rows import Verdict

_COLUMNS: Final = [getattr(VerdictTable, name) for name in Verdict.__slots__]
"""Read without an object for each: a queue has tens of thousands."""


def give(tx: Tx, verdict: Verdict) -> None:
    """Keep an answer; it replaces what the same person said about the same subject before."""
    tx.merge(VerdictTable(**{name: getattr(verdict, name) for name in Verdict.__slots__}))
    events.add(tx, verdict.at_ns, "verdict.given", verdict.subject, verdict.answer,
               queue=verdict.kind, who=verdict.who)  # fmt: skip


def take_back(tx: Tx, kind: str, who: str, at_ns: int) -> Verdict | None:
    """Remove this person's newest answer; None where there is none."""
    mine = select(VerdictTable).where(VerdictTable.kind == kind, VerdictTable.who == who)
    stored = tx.scalars(mine.order_by(VerdictTable.at_ns.desc(), VerdictTable.subject)).first()
    if stored is None:
        return None
    taken = row(Verdict, stored)
    tx.delete(stored)
    events.add(tx, at_ns, "verdict.taken_back", taken.subject, taken.answer, queue=kind, who=who)
    return taken


def listed(tx: Tx, kind: str, who: str | None = None) -> list[Verdict]:
    """Every answer of a queue, oldest first; of one person where it is given."""
    query = select(*_COLUMNS).where(VerdictTable.kind == kind)
    if who is not None:
        query = query.where(VerdictTable.who == who)
    ordered = query.order_by(VerdictTable.at_ns, VerdictTable.subject, VerdictTable.who)
    return [Verdict(*found) for found in tx.execute(ordered)]


def count(tx: Tx, kind: str, who: str) -> int:
    """How many answers of a queue are one person's."""
    mine = select(func.count()).where(VerdictTable.kind == kind, VerdictTable.who == who)
    return tx.scalar(mine) or 0
