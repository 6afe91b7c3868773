"""What people judged: one answer of each person about each subject, its history in the event log."""

from __future__ import annotations

from sqlalchemy import select

from infra.store import events
from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import VerdictTable
from infra.store.rows import Verdict


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
    query = select(VerdictTable).where(VerdictTable.kind == kind)
    if who is not None:
        query = query.where(VerdictTable.who == who)
    ordered = query.order_by(VerdictTable.at_ns, VerdictTable.subject, VerdictTable.who)
    return [row(Verdict, verdict) for verdict in tx.scalars(ordered)]
