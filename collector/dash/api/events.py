"""What happened: the log's newest events, or those after one that is known."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from collector.dash.api.asks import Words
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At
from collector.views import event as view
from infra.store import events

router = APIRouter(prefix="/events", tags=["events"])
MOST: Final = 5_000
Id = Annotated[int | None, Query(ge=0, lt=1 << 62)]


@router.get("", responses=told("events", "tail"))
def events_tail(
    at: At,
    last: Annotated[int, Query(ge=0, le=MOST)] = 20,
    after: Id = None,
    subject: Words = "",
    kind: Words = "",
) -> Document:
    """At most `last` events, oldest first: the newest, or with `after` the next. Live: /stream."""
    whom, what = subject or None, kind or None
    with at.store.read() as tx:
        found = (
            events.newest(tx, last, whom, what)
            if after is None
            else events.after(tx, after, last, whom, what)
        )
    return Document({"events": [view.record(event) for event in found]})
