"""A machine's console: its page, the tickets to it, and the WebSocket behind it."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, WebSocket
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from collector.dash.access import Who, needs
from collector.dash.console.consoles import CONSOLE_KINDS, Consoles
from collector.dash.pages.show import At, show
from infra.store import machines
from infra.store.rows import Machine

router = APIRouter()
Looker = Annotated[Who, Depends(needs("viewer"))]


class Wanted(BaseModel):
    """What a page asks a ticket for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    control: bool = False


class Issued(BaseModel):
    """A ticket, as the address that it opens."""

    address: str


def consoles_of(connection: Request | WebSocket) -> Consoles:
    """The application's consoles."""
    return cast("Consoles", connection.app.state.consoles)


@router.get("/machines/{name}/console")
def console(request: Request, at: At, who: Looker, name: str) -> Response:
    """The page: the machine's screen, and for operators the way to work on it."""
    machine = _found(at, name)
    return show(
        request,
        "console.html",
        machine=machine,
        has_console=machine.kind in CONSOLE_KINDS,
        may_control=who.may("operator"),
    )


@router.post("/machines/{name}/console-ticket")
def ticket(request: Request, at: At, who: Looker, name: str, wanted: Wanted) -> Issued:
    """A ticket that opens one console within half a minute. Raises Denied, Conflict, NotFound."""
    secret = consoles_of(request).ticket(who, _found(at, name), control=wanted.control)
    return Issued(address=f"/console?ticket={secret}")


@router.websocket("/console")
async def stream(viewer: WebSocket, ticket: str = "") -> None:
    """The console that a ticket opens: RFB in binary messages."""
    await consoles_of(viewer).serve(viewer, ticket)


def _found(at: At, name: str) -> Machine:
    with at.store.read() as tx:
        return machines.get(tx, name)
