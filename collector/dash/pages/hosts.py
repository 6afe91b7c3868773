"""The hosts: what each has, what stands on it, and whether it gets anything new."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from collector.dash import acts
from collector.dash.access import Who, needs
from collector.dash.pages.fleet import mixed
from collector.dash.pages.sheet import Column, Sheet
from collector.dash.pages.show import At, show
from collector.views import host as view

router = APIRouter()
COLUMNS: Final = (
    Column("name", "Host"),
    Column("state", "State"),
    Column("silent_s", "Spoke", "num"),
    Column("machines", "Machines", "num"),
    Column("states", "What stands there", sorts=False, spare=True),
    Column("running", "At once", "num", roomy=True),
    Column("memory_bytes", "Memory free", "num", spare=True),
    Column("disk_bytes", "Disk free", "num", spare=True),
    Column("cordoned", "", sorts=False),
)


@router.get("/hosts")
def hosts(request: Request, at: At) -> HTMLResponse:
    """Every host ever heard of."""
    with at.store.read() as tx:
        rows = view.board(tx, at.clock.now_ns())
    sheet = Sheet.of(request, COLUMNS, "name").over(rows)
    return show(request, "hosts.html", sheet=sheet, mixed=mixed)


@router.post("/hosts/{name}/{verb}")
def cordon(
    at: At,
    who: Annotated[Who, Depends(needs("operator"))],
    name: str,
    verb: Literal["cordon", "uncordon"],
) -> RedirectResponse:
    """Give a host nothing new, or its share again. Raises NotFound."""
    acts.cordon(at, who, name, cordoned=verb == "cordon")
    return RedirectResponse("/hosts", 303)
