"""How Trawl itself is, and the doctor on demand."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from collector.dash.access import Who, needs
from collector.dash.pages.fleet import room_of
from collector.dash.pages.show import At, show
from collector.dash.turns import alone
from collector.views import doctor as doctors
from collector.views import health as view

router = APIRouter()


@router.get("/health")
def health(request: Request, at: At) -> HTMLResponse:
    """What can be known at once."""
    return _page(request, at, None)


@router.post("/health")
def doctor(
    request: Request, at: At, who: Annotated[Who, Depends(needs("operator"))]
) -> HTMLResponse:
    """The same, with what the doctor finds; it changes nothing but takes a while."""
    del who
    with alone("the doctor"):
        found = doctors.looked()
    return _page(request, at, found["checks"])


def _page(request: Request, at: At, checks: list[dict[str, Any]] | None) -> HTMLResponse:
    seen = view.seen(at.store, at.settings, at.clock)
    return show(request, "health.html", health=seen, room=room_of(seen["room"]), checks=checks)
