"""Errors as answers: a page for people, the envelope of `--json` for programs."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collector.dash.pages.show import PAGE, show
from infra import errors
from infra.errors import TrawlError

STATUS: Final[dict[str, int]] = {
    errors.UsageError.kind: 400, errors.NotFound.kind: 404, errors.Conflict.kind: 409,
    errors.Denied.kind: 403, errors.Unavailable.kind: 503, errors.Corrupt.kind: 500,
    errors.HostileInput.kind: 422, errors.DeadlineExceeded.kind: 504, errors.InfraLost.kind: 503,
    errors.ActionRejected.kind: 409, errors.Interrupted.kind: 503,
}  # fmt: skip
PROGRAMS: Final = ("/api/", "/stream", "/metrics")
"""What programs ask for: answered by a status and a document, never by a page or the way to one."""


log = structlog.get_logger("dash")


class Refused(HTTPException):
    """HTTP's own no: what no command can meet, such as a foreign page or too many requests.

    It is one of the framework's, which passes those on where it reads a body.
    """

    def __init__(self, status: int, message: str, hint: str = "", retry_s: float = 0) -> None:
        super().__init__(status, message)
        self.status, self.message, self.hint, self.retry_s = status, message, hint, retry_s

    def __reduce__(self) -> tuple[type[Refused], tuple[int, str, str, float]]:
        return type(self), (self.status, self.message, self.hint, self.retry_s)


class Caught:
    """ASGI around ASGI: what fails unforeseen becomes an answer without details, and a line of the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket; raises where there is nothing left to answer with."""
        has_begun = scope["type"] != "http"

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if not isinstance(error, Refused):
                log.exception("dash.failed", path=scope.get("path", ""))
            if has_begun:
                raise
            refused = (
                error
                if isinstance(error, Refused)
                else Refused(500, "something went wrong here", "the log says what")
            )
            await answer(Request(scope), refused)(scope, receive, send)


def install(app: FastAPI) -> None:
    """From here on an application's errors are answered in our words."""
    app.add_exception_handler(TrawlError, _of_ours)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Refused, _refused)


def answer(request: Request, refused: Refused) -> Response:
    """The answer to what was refused before it reached a page."""
    kind = "denied" if refused.status in {401, 403} else HTTPStatus(refused.status).name.lower()
    headers = {"Retry-After": str(math.ceil(refused.retry_s))} if refused.retry_s else {}
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    record = {"kind": kind, "message": refused.message, "hint": refused.hint, "subject": ""}
    return _said(request, refused.status, record, headers)


def _said(
    request: Request, status: int, record: dict[str, str], headers: dict[str, str] | None = None
) -> Response:
    said: Response
    accepts = request.headers.get("accept", "")
    if PAGE in accepts and not request.scope["path"].startswith(PROGRAMS):
        said = show(request, "error.html", status=status, error=record)
    else:
        said = JSONResponse({"error": record}, status)
    said.headers.update(headers or {})
    return said


def _of_ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, TrawlError)
    return _said(request, STATUS.get(error.kind, 500), error.as_record())


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return answer(request, error)


def _of_http(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: no such page, another method."""
    assert isinstance(error, HTTPException)
    known = {404: ("not_found", "there is no such page"), 405: ("usage", "not by this method")}
    kind, message = known.get(error.status_code, ("usage", str(error.detail)))
    record = {"kind": kind, "message": message, "hint": "", "subject": request.scope["path"]}
    return _said(request, error.status_code, record, dict(error.headers or {}))


def _malformed(request: Request, error: Exception) -> Response:
    """A form or a document that is not what the page or the API takes."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    record = errors.UsageError(f"{where}: {first['msg']}", "see /api/v1/openapi.json", where)
    return _said(request, 422, record.as_record())
