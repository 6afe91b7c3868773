"""The append-only log of what happened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import EventTable
from infra.store.rows import Event


def add(tx: Tx, at_ns: int, kind: str, subject: str, reason: str = "", **payload: Any) -> None:
    """Append one event; it becomes visible with the transaction that made it true."""
    tx.add(EventTable(at_ns=at_ns, kind=kind, subject=subject, reason=reason, payload=payload))


def after(tx: Tx, event_id: int, most: int = 1000, subject: str | None = None) -> list[Event]:
    """Events later than `event_id`, oldest first; of one subject where it is given."""
    query = select(EventTable).where(EventTable.id > event_id).order_by(EventTable.id).limit(most)
    if subject is not None:
        query = query.where(EventTable.subject == subject)
    return [row(Event, e) for e in tx.scalars(query)]


def last_id(tx: Tx) -> int:
    """The newest event's id, 0 where there is none."""
    return tx.scalar(select(func.max(EventTable.id))) or 0
