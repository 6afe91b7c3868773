"""What programs ask for: whether it lives, whether it can work, what is measured."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, RedirectResponse

from collector.dash.pages.show import At
from infra.errors import TrawlError
from infra.store import events

router = APIRouter()


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """It answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def readyz(at: At) -> PlainTextResponse:
    """The database answers too."""
    try:
        with at.store.read() as tx:
            events.last_id(tx)
    except TrawlError as error:
        return PlainTextResponse(f"{error.kind}\n", 503)
    return PlainTextResponse("ready\n")


@router.get("/favicon.ico")
def favicon() -> RedirectResponse:
    """Where a browser looks for the picture of a document that names none."""
    return RedirectResponse("/static/icon.svg", 308)
