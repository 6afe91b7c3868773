"""The gate: what every request and socket goes through before anything of ours sees it.

It knows the names it answers to, refuses what another site's page sends, says who is asking, holds
how often, how much and how slowly, and puts the headers on whatever goes out.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import quote

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from collector.dash.access.keeper import Keeper
from collector.dash.access.surface import bare
from collector.dash.refusals import PROGRAMS, Refused, answer
from infra.errors import TrawlError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN: Final = ("/login", "/healthz", "/readyz", "/favicon.ico", "/static/")
"""Answered to whoever asks; a path that ends with a slash stands for all below it."""
BODY_BYTES: Final = 1 << 20
BODY_S: Final = 20.0
ADDRESS_BYTES: Final = 16 << 10
ADDRESS_CHARS: Final = 64
"""Whatever a proxy says: no more of an address is kept."""
MOST_CHANGES: Final = 16
"""So many may wait for the database at once: each holds one of some forty threads."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
WRONG_SITE: Final = 4403
log = structlog.get_logger("dash")


class Gate:
    """ASGI around ASGI."""

    def __init__(self, app: App, keeper: Keeper) -> None:
        self._app, self._keeper = app, keeper
        self._changing = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one socket, or the application's own start and end."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        out = _headed(scope, send, is_secure=self._keeper.surface.is_secure)
        refused = self._refused(scope)
        if refused is None:
            await self._let_in(scope, _bounded(scope, receive), out)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": WRONG_SITE})
        else:
            await refused(scope, receive, out)

    async def _let_in(self, scope: Scope, receive: Receive, out: Send) -> None:
        """Pass it on; changes wait for the database, and leave threads to those who only look."""
        if not _changes(scope):
            await self._app(_read_as_get(scope), receive, out)
            return
        self._changing += 1
        try:
            await self._app(scope, receive, out)
        finally:
            self._changing -= 1

    def _refused(self, scope: Scope) -> Response | None:
        """The answer to what is not let in; who is asking stands in `state.who` otherwise."""
        connection = HTTPConnection(scope)
        connection.state.who = None
        try:
            self._names(connection.headers)
            _short(scope, connection.headers)
            self._often(scope)
            is_told = self._who(connection)
            if not is_told:
                _same_site(scope, connection.headers)
            self._waiting(scope)
            return self._stranger(connection)
        except Refused as refused:
            return answer(Request(scope), refused) if scope["type"] == "http" else Response()
        except TrawlError as error:
            return self._closed(scope, error)

    def _closed(self, scope: Scope, error: TrawlError) -> Response:
        """The answer where nobody can be known; the log says why, a stranger is told nothing of our files."""
        log.error("dash.closed", **error.as_record())
        closed = Refused(503, "nobody can be let in now", "the log says what to mend")
        return answer(Request(scope), closed) if scope["type"] == "http" else Response()

    def _names(self, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or bare(hosts[0]) not in self._keeper.surface.names:
            raise Refused(421, "this is not a name of the dashboard", "trawl serve --name NAME")

    def _often(self, scope: Scope) -> None:
        if scope["path"].startswith("/static/"):
            return
        wait_s = self._keeper.requests.take(address_of(scope))
        if wait_s:
            raise Refused(429, "too many requests", "wait a moment", retry_s=wait_s)

    def _waiting(self, scope: Scope) -> None:
        if _changes(scope) and self._changing >= MOST_CHANGES:
            raise Refused(503, "too many changes wait for the database", "try again", 1.0)

    def _who(self, connection: HTTPConnection) -> bool:
        """Say who is asking; whether a token said it, which no page of another site can send."""
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        is_told = kind.lower() == "bearer"
        connection.state.who = (
            self._keeper.by_token(token.strip(), address_of(connection.scope))
            if is_told
            else self._keeper.by_cookie(connection.cookies)
        )
        return is_told

    def _stranger(self, connection: HTTPConnection) -> Response | None:
        """What nobody in particular is answered; None where somebody is signed in or may be not."""
        scope, path = connection.scope, connection.scope["path"]
        if connection.state.who is not None or _is_open(path):
            return None
        if scope["type"] == "http" and scope["method"] in SAFE and not path.startswith(PROGRAMS):
            query = f"?{connection.url.query}" if connection.url.query else ""
            return RedirectResponse(f"/login?next={quote(path + query, safe='')}", 303)
        raise Refused(401, "nobody is signed in", "sign in at /login, or send a token")


def address_of(scope: Scope) -> str:
    """Whose requests are counted together: an address, or what one subscriber has of IPv6's."""
    client = scope.get("client")
    said = str(client[0])[:ADDRESS_CHARS] if client else ""
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return said
    if isinstance(address, ipaddress.IPv4Address):
        return said
    whole = ipaddress.ip_network((address.packed[:8] + bytes(8), 64))
    return str(address.ipv4_mapped or whole)


def _is_open(path: str) -> bool:
    return any(path == known or (known[-1] == "/" and path.startswith(known)) for known in OPEN)


def _same_site(scope: Scope, headers: Headers) -> None:
    """Raise Refused for what another site's page sends, or might have sent.

    Browsers say where a request comes from, and pages cannot change that: `Sec-Fetch-Site`, or
    `Origin` where it is missing (a form of ours says `null` there, since we send no referrer).
    What says neither has to show a token in every request.
    """
    is_socket = scope["type"] == "websocket"
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if not is_socket and scope["method"] in SAFE:
        is_link = headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
        if site in {"cross-site", "same-site"} and not is_link:
            raise Refused(403, "this was asked for by a page of another site", "follow a link")
        return
    is_ours = origin is not None and origin.lower().partition("://")[2] == headers["host"].lower()
    if is_socket or site is None:
        is_same = is_ours
    else:
        is_same = site == "same-origin" and (origin in {None, "null"} or is_ours)
    if not is_same:
        raise Refused(403, "this was sent by a page of another site", "send it from our own page")


def _changes(scope: Scope) -> bool:
    """Whether somebody who is signed in asks for a change."""
    is_change = scope["type"] == "http" and scope["method"] not in SAFE
    return is_change and scope["state"].get("who") is not None


def _read_as_get(scope: Scope) -> Scope:
    """HEAD is answered as GET is, of which the server sends the head alone; a stream has no end."""
    is_head = scope["type"] == "http" and scope["method"] == "HEAD" and scope["path"] != "/stream"
    return {**scope, "method": "GET"} if is_head else scope


def _short(scope: Scope, headers: Headers) -> None:
    """Raise Refused for an address or a body that is longer than any of ours."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS_BYTES:
        raise Refused(414, f"an address has at most {ADDRESS_BYTES} bytes", "ask for less at once")
    said = headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > BODY_BYTES:
        raise Refused(413, f"a body has at most {BODY_BYTES} bytes")


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """The same body; Refused as soon as it is longer or takes longer than any of ours."""
    if scope["type"] != "http":
        return receive
    loop, got, is_whole, until_s = asyncio.get_running_loop(), 0, False, 0.0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal got, is_whole, until_s
        if is_whole:
            return await receive()  # whether the peer is still there
        until_s = until_s or loop.time() + BODY_S
        try:
            message = await asyncio.wait_for(receive(), max(0.001, until_s - loop.time()))
        except TimeoutError as error:
            raise Refused(408, f"a body comes within {BODY_S:.0f} s", "send it again") from error
        got, is_whole = got + len(message.get("body", b"")), not message.get("more_body", False)
        if got > BODY_BYTES:
            raise Refused(413, f"a body has at most {BODY_BYTES} bytes")
        return message

    return counted


def _kept_for(scope: Scope) -> str:
    """How long browsers keep an answer that does not say so: what has its hash in its address, for good."""
    if not scope["path"].startswith("/static/"):
        return "no-store"
    return "max-age=31536000, immutable" if scope.get("query_string") else "no-cache"


def _headed(scope: Scope, send: Send, *, is_secure: bool) -> Send:
    """What goes out, with our headers on it."""
    kept_for = _kept_for(scope)

    async def headed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", kept_for)
            if is_secure:
                headers["Strict-Transport-Security"] = "max-age=31536000"
        await send(message)

    return headed
