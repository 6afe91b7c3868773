"""The event log, newest first, by kind and subject."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from collector.dash.pages.show import At, show
from collector.views import event as view

router = APIRouter()
MOST: Final = 5_000
AT_ONCE: Final = 200
WORD_CHARS: Final = 300
Word = Annotated[str, Query(max_length=WORD_CHARS)]


@router.get("/events")
def events(
    request: Request,
    at: At,
    kind: Word = "",
    subject: Word = "",
    most: Annotated[int, Query(ge=1, le=MOST)] = AT_ONCE,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> HTMLResponse:
    """So many events before one, or the newest."""
    kind, subject = kind.strip(), subject.strip()
    with at.store.read() as tx:
        found = view.page(tx, most=most, kind=kind, subject=subject, before=before)
    asked = {"kind": kind, "subject": subject, "most": most if most != AT_ONCE else None}
    older = _address(asked | {"before": found[-1]["id"]}) if len(found) == most else ""
    kinds = [{"kind": k, "is_asked": k == kind, "href": _address(asked | {"kind": "" if k == kind else k})}
             for k in view.KINDS]  # fmt: skip
    return show(request, "events.html", events=found, kind=kind, subject=subject, older=older,
                newest=_address(asked) if before else "", kinds=kinds)  # fmt: skip


def _address(words: dict[str, Any]) -> str:
    said = urlencode({key: word for key, word in words.items() if word})
    return f"/events?{said}" if said else "/events"
