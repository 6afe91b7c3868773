"""The door: a token is shown once, and a session stands for it from then on."""

from __future__ import annotations

from typing import Annotated, Any, cast

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from collector.dash.access import audit
from collector.dash.access.gate import address_of
from collector.dash.access.keeper import Keeper
from collector.dash.access.tokens import TOKEN_CHARS, Token
from collector.dash.desk import Desk
from collector.dash.pages.show import At, show
from infra.errors import Unavailable

log = structlog.get_logger("dash")
router = APIRouter()
NEXT_CHARS = 2_000


def keeper_of(request: Request) -> Keeper:
    """The application's keeper."""
    return cast("Keeper", request.app.state.keeper)


@router.get("/login")
def door(request: Request, next: str = "/") -> Response:  # noqa: A002 - a parameter of the address
    """The page that asks for a token; whoever is signed in already goes on."""
    if request.state.who is not None:
        return RedirectResponse(within(next), 303)
    return show(request, "login.html", next=within(next), refused=False)


@router.post("/login")
def enter(
    request: Request,
    at: At,
    token: Annotated[str, Form(max_length=TOKEN_CHARS)],
    next: Annotated[str, Form(max_length=NEXT_CHARS)] = "/",  # noqa: A002 - a field of the form
) -> Response:
    """Open a session for a token."""
    keeper = keeper_of(request)
    found = keeper.shown(token.strip(), address_of(request.scope))
    if found is None:
        return show(request, "login.html", status=401, next=within(next), refused=True)
    _note(at, found)
    answer = RedirectResponse(within(next), 303)
    cookie: dict[str, Any] = keeper.session_cookie(found)
    answer.set_cookie(**cookie)
    return answer


def _note(at: Desk, came: Token) -> None:
    """Who came; where the database cannot take it the log does, for they may come to see why."""
    try:
        with at.store.write() as tx:
            audit.note(tx, came.who, "login", came.name, at_ns=at.clock.now_ns())
    except Unavailable as error:
        log.error("dash.login_not_noted", who=came.name, **error.as_record())  # noqa: TRY400


@router.post("/logout")
def leave(request: Request) -> Response:
    """End the session, here and wherever else its cookie is."""
    keeper, answer = keeper_of(request), RedirectResponse("/login", 303)
    keeper.leave(request.cookies)
    answer.delete_cookie(keeper.cookie, secure=keeper.surface.is_secure, httponly=True)
    return answer


def within(path: str) -> str:
    """`path` where it leads to a page of ours, else the first page."""
    is_ours = path.startswith("/") and path[:2] not in {"//", "/\\"} and path.isprintable()
    return path if is_ours and "\\" not in path and len(path) <= NEXT_CHARS else "/"
