"""The append-only log of what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    UnaryExpression,
    bindparam,
    false,
    func,
    select,
    union_all,
)

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
    later = EventTable.id > event_id
    query = _of(tx, subject, kind, later, EventTable.id.asc(), most).where(later)
    return [row(Event, e) for e in tx.scalars(query.order_by(EventTable.id).limit(most))]


def newest(
    tx: Tx,
    most: int,
    subject: str | None = None,
    kind: str | None = None,
    before: int | None = None,
) -> list[Event]:
    """The last events, oldest first; of one subject or kind, or earlier than an id, where given."""
    earlier = EventTable.id < (2**63 - 1 if before is None else before)
    query = _of(tx, subject, kind, earlier, EventTable.id.desc(), most).where(earlier)
    found = tx.scalars(query.order_by(EventTable.id.desc()).limit(most))
    return [row(Event, e) for e in found][::-1]


def counted(tx: Tx, kind: str, bounds_ns: Sequence[int]) -> list[int]:
    """How many events of exactly one kind lie between each bound and the next, bounds rising.

    The log is cut where its times pass a bound, and counted by its numbers: the index of kinds alone
    is read.
    """
    many = select(func.count()).where(
        EventTable.kind == kind, EventTable.id >= bindparam("a"), EventTable.id < bindparam("b")
    )
    cuts = _cuts(tx, bounds_ns)
    return [tx.scalar(many, {"a": a, "b": b}) or 0 if a < b else 0 for a, b in pairwise(cuts)]


def between(tx: Tx, kind: str, from_ns: int, until_ns: int, most: int) -> list[Event]:
    """Events of exactly one kind from a time to another, oldest first; where there are more, the last."""
    first, last = _cuts(tx, (from_ns, until_ns + 1))
    columns = [getattr(EventTable, name) for name in Event.__slots__]
    query = select(*columns).where(
        EventTable.kind == kind, EventTable.id >= first, EventTable.id < last
    )
    found = tx.execute(query.order_by(EventTable.id.desc()).limit(most))
    return [Event(*values) for values in found][::-1]


def _cuts(tx: Tx, bounds_ns: Sequence[int]) -> list[int]:
    """The number of the first event at or after each of these times."""
    cut = select(EventTable.id).where(EventTable.at_ns >= bindparam("at")).limit(1)
    cut = cut.order_by(EventTable.at_ns, EventTable.id)
    end = last_id(tx) + 1
    return [tx.scalar(cut, {"at": bound}) or end for bound in bounds_ns]


def _of(
    tx: Tx,
    subject: str | None,
    kind: str | None,
    where: ColumnElement[bool],
    order: UnaryExpression[int],
    most: int,
) -> Select[EventTable]:
    """Events of a subject and of a kind; `machine` is every kind that begins with `machine.`.

    Without a subject the first of each kind are found by the index of kinds, so that a rare kind does
    not cost a reading of the whole log.
    """
    query = select(EventTable)
    if subject is not None:
        query = query.where(EventTable.subject == subject)
    if kind is None:
        return query
    meant = [k for k in _kinds(tx) if k == kind or k.startswith(f"{kind}.")]
    if subject is not None:  # a subject has fewer events than a kind: by its index
        return query.where(func.coalesce(EventTable.kind, "").in_(meant))
    first = [
        select(select(EventTable.id).where(EventTable.kind == k, where).order_by(order)
               .limit(most).subquery().c.id)
        for k in meant
    ]  # fmt: skip
    return query.where(EventTable.id.in_(union_all(*first)) if first else false())


def _kinds(tx: Tx) -> Iterator[str]:
    """Every kind that there is, from one to the next in their index."""
    following = select(func.min(EventTable.kind)).where(EventTable.kind > bindparam("k"))
    kind = tx.scalar(following, {"k": ""})
    while kind is not None:
        yield kind
        kind = tx.scalar(following, {"k": kind})


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
