"""How a page is made: a template, filled with a record, everything in it escaped and cleaned."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from collector.dash import pages
from collector.dash.desk import Desk
from collector.dash.pages import navigation, words
from infra.store import events

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
PAGE: Final = "text/html"
STATIC: Final = Path(__file__).parents[1] / "static"


def desk_of(request: Request) -> Desk:
    """The desk that the application stands on; for a page, its stream goes on from this moment."""
    desk = cast("Desk", request.app.state.desk)
    if PAGE in request.headers.get("accept", ""):
        with desk.store.read() as tx:
            request.state.after = events.last_id(tx)
    return desk


At = Annotated[Desk, Depends(desk_of)]
"""A parameter of a page: the desk."""


@cache
def static(name: str) -> str:
    """The address of a file that pages load; another content has another address."""
    return f"/static/{name}?{sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=words.clean,
    )
    made.filters |= words.FILTERS
    made.globals |= {"static": static}
    return made


def show(request: Request, template: str, *, status: int = 200, **record: Any) -> HTMLResponse:
    """The page that `template` makes of a record."""
    page = (
        _environment()
        .get_template(template)
        .render(
            request=request,
            now_ns=request.app.state.desk.clock.now_ns(),
            after=getattr(request.state, "after", ""),
            navigation=navigation.groups(pages.NAMES),
            **record,
        )
    )
    return HTMLResponse(page, status_code=status)
