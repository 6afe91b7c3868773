"""The append-only log of what happened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from infra.store.convert import row
from infra.store.engine import Tx
from infra.store.models import EventTable
from infra.store.rows import Event


def add(tx: Tx, at_ns: int, kind: str, subject: str, reason: str = "", **payload: Any) -> None:
    """Append one event; it becomes visible with the transaction that made it true."""
    tx.add(EventTable(at_ns=at_ns, kind=kind, subject=subject, reason=reason, payload=payload))


def after(
    tx: Tx, event_id: int, most: int = 1000, subject: str | None = None, kind: str | None = None
) -> list[Event]:
    """Events later than `event_id`, oldest first; of one subject or kind where it is given."""
    query = _of(subject, kind).where(EventTable.id > event_id).order_by(EventTable.id)
    return [row(Event, e) for e in tx.scalars(query.limit(most))]


def newest(
    tx: Tx,
    most: int,
    subject: str | None = None,
    kind: str | None = None,
    before: int | None = None,
) -> list[Event]:
    """The last events, oldest first; of one subject or kind, or earlier than an id, where given."""
    query = _of(subject, kind).order_by(EventTable.id.desc()).limit(most)
    if before is not None:
        query = query.where(EventTable.id < before)
    return [row(Event, e) for e in tx.scalars(query)][::-1]


def counted(tx: Tx, kind: str, since_ns: int, width_ns: int) -> dict[int, int]:
    """How many events of exactly one kind each stretch of `width_ns` saw; stretch 0 begins at `since_ns`.

    Only the log since then is read: joining the kind to nothing keeps SQLite from the index of kinds,
    which it takes for the smaller part whatever the time.
    """
    stretch = (EventTable.at_ns - since_ns) // width_ns
    query = (
        select(stretch, func.count())
        .where(EventTable.at_ns >= since_ns, EventTable.kind + "" == kind)
        .group_by(stretch)
    )
    return {int(number): many for number, many in tx.execute(query)}


def _of(subject: str | None, kind: str | None) -> Select[EventTable]:
    """Events of a subject and of a kind; `machine` is every kind that begins with `machine.`."""
    query = select(EventTable)
    if subject is not None:
        query = query.where(EventTable.subject == subject)
    if kind is not None:
        begins = EventTable.kind.startswith(f"{kind}.", autoescape=True)
        query = query.where((EventTable.kind == kind) | begins)
    return query


def times(tx: Tx, subject: str, kind: str, most: int) -> list[int]:
    """When the last events of that subject and kind happened, oldest first."""
    query = select(EventTable.at_ns).where(EventTable.subject == subject, EventTable.kind == kind)
    return list(tx.scalars(query.order_by(EventTable.id.desc()).limit(most)))[::-1]


def last_id(tx: Tx) -> int:
    """The newest event's id, 0 where there is none."""
    return tx.scalar(select(func.max(EventTable.id))) or 0
