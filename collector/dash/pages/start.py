"""A run is asked for: over which pool, by which explorers, how much. The controller works it off."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from collector.dash import acts
from collector.dash.access import Who, needs
from collector.dash.api.asks import Submitted
from collector.dash.desk import Desk
from collector.dash.pages.show import At, show
from collector.dash.refusals import STATUS
from collector.fleet import client
from infra.errors import NotFound, Unavailable, UsageError
from infra.store import pools

router = APIRouter(include_in_schema=False)
Operator = Annotated[Who, Depends(needs("operator"))]


@router.get("/runs/new", response_class=HTMLResponse)
def asked(request: Request, desk: At, who: Operator, pool: str = "") -> HTMLResponse:
    """The form, over one pool where it is named."""
    del who
    return _form(request, desk, Submitted.model_construct(pool=pool))


@router.post("/runs")
def start(
    request: Request, desk: At, who: Operator, wants: Annotated[Submitted, Form()]
) -> Response:
    """Plan the run and go to its page; what does not go is said beside the form, which stays filled."""
    try:
        made = acts.submit(desk, who, **wants.model_dump())
    except (NotFound, UsageError, Unavailable) as error:
        return _form(request, desk, wants, error)
    return RedirectResponse(f"/runs/{quote(made['run'], safe='')}", 303)


def _form(
    request: Request,
    desk: Desk,
    wants: Submitted,
    error: NotFound | UsageError | Unavailable | None = None,
) -> HTMLResponse:
    from collector.explore.explorers import EXPLORERS

    with desk.store.read() as tx:
        known = pools.listed(tx)
    more: dict[str, Any] = {"status": STATUS[error.kind]} if error else {}
    return show(request, "run_new.html", pools=known, explorers=list(EXPLORERS), wants=wants,
                is_up=client.is_up(desk.settings), error=error, **more)  # fmt: skip
