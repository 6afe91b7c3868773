"""How a page is made: a template, filled with a record, everything in it escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from collector.dash.desk import Desk

TEMPLATES: Final = Path(__file__).parents[1] / "templates"


def desk_of(request: Request) -> Desk:
    """The desk that the application stands on."""
    return cast("Desk", request.app.state.desk)


At = Annotated[Desk, Depends(desk_of)]
"""A parameter of a page: the desk."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def show(request: Request, template: str, *, status: int = 200, **record: Any) -> HTMLResponse:
    """The page that `template` makes of a record."""
    page = _environment().get_template(template).render(request=request, **record)
    return HTMLResponse(page, status_code=status)
