"""The append-only log of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, bindparam, func, select

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


def counted(tx: Tx, kind: str, bounds_ns: Sequence[int]) -> list[int]:
    """How many events of exactly one kind lie between each bound and the next, bounds rising.

    The log is cut where its times pass a bound, and counted by its numbers: the index of kinds alone
    is read.
    """
    cut = select(EventTable.id).where(EventTable.at_ns >= bindparam("at")).limit(1)
    cut = cut.order_by(EventTable.at_ns, EventTable.id)
    many = select(func.count()).where(
        EventTable.kind == kind, EventTable.id >= bindparam("a"), EventTable.id < bindparam("b")
    )
    end = last_id(tx) + 1
    cuts = [tx.scalar(cut, {"at": bound}) or end for bound in bounds_ns]
    return [tx.scalar(many, {"a": a, "b": b}) or 0 if a < b else 0 for a, b in pairwise(cuts)]


def _of(subject: str | None, kind: str | None) -> Select[EventTable]:
    """Events of a subject and of a kind; `machine` is every kind that begins with `machine.`."""
    query = select(EventTable)
    if subject is not None:
        query = query.where(EventTable.subject == subject)
    if kind is not None:
        begins = EventTable.kind.startswith(f"{kind}.", autoescape=True)
        query = query.where((EventTable.kind == kind) | begins)
    return query


def last_of(tx: Tx, kind: str, subject: str) -> Event | None:
    """The last event of a rare kind about a subject, found among those of its kind."""
    about = func.coalesce(EventTable.subject, "")  # a subject has many events: not by its index
    query = select(EventTable).where(EventTable.kind == kind, about == subject)
    found = tx.scalar(query.order_by(EventTable.id.desc()).limit(1))
    return None if found is None else row(Event, found)


def times(tx: Tx, subject: str, kind: str, most: int) -> list[int]:
    """When the last events of that subject and kind happened, oldest first."""
    query = select(EventTable.at_ns).where(EventTable.subject == subject, EventTable.kind == kind)
    return list(tx.scalars(query.order_by(EventTable.id.desc()).limit(most)))[::-1]


def last_id(tx: Tx) -> int:
    """The newest event's id, 0 where there is none."""
    return tx.scalar(select(func.max(EventTable.id))) or 0
