"""What the gate and the door share: where we listen, whom we know, how often somebody may."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from starlette.requests import HTTPConnection

from collector.dash.access.buckets import Buckets
from collector.dash.access.sessions import SESSION_S, Sessions
from collector.dash.access.surface import Surface
from collector.dash.access.tokens import Token, Tokens
from collector.dash.access.who import Who
from collector.dash.desk import Desk
from collector.dash.refusals import Refused
from infra.files import sha256_bytes

PLACE: Final = "dash"
"""Below the home: tokens and key."""
REQUESTS_S: Final = 200.0
REQUESTS_BURST: Final = 600.0
"""A wall of live screens asks for some sixty pictures a second."""
FAILURES: Final = 5
"""So many wrong tokens an address may show, and as many again each minute."""
MOST_WRONG: Final = 4096
"""Wrong tokens that are known again."""


class Keeper:
    """One dashboard's access; safe between threads."""

    def __init__(self, desk: Desk, surface: Surface) -> None:
        self.surface: Final = surface
        self.tokens: Final = Tokens(desk.settings.home / PLACE)
        self.sessions: Final = Sessions(desk.settings.home / PLACE, self.tokens, desk.clock)
        self.requests: Final = Buckets(REQUESTS_S, REQUESTS_BURST, desk.clock)
        self._failures = Buckets(FAILURES / 60, FAILURES, desk.clock)
        self._wrong: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def cookie(self) -> str:
        """What the session's cookie is called."""
        prefix = "__Host-" if self.surface.is_secure else ""
        return prefix + self.sessions.cookie

    def by_cookie(self, cookies: Mapping[str, str]) -> Who | None:
        """Whose session came with a request."""
        return self.sessions.who(cookies.get(self.cookie, ""))

    def shown(self, token: str, address: str) -> Token | None:
        """The token that somebody shows. Raises Refused for who showed too many wrong ones."""
        wait_s = self._failures.wait_s(address)
        if wait_s:
            raise Refused(429, "too many wrong tokens", "wait a minute", retry_s=wait_s)
        found = self.tokens.find(token)
        if found is None and self._is_new(address, token):
            self._failures.take(address)
        return found

    def _is_new(self, address: str, token: str) -> bool:
        """Whether that wrong token was not shown from there lately.

        What shows one again and again, such as a program whose token was taken away, guesses
        nothing, and must not keep out everybody else of its address.
        """
        said = address, sha256_bytes(token.encode("utf-8", "surrogatepass"))
        with self._lock:
            is_new = said not in self._wrong
            self._wrong[said] = None
            if len(self._wrong) > MOST_WRONG:
                self._wrong.popitem(last=False)
        return is_new

    def by_token(self, token: str, address: str) -> Who:
        """Whom a request's token lets in. Raises Refused."""
        found = self.shown(token, address)
        if found is None:
            raise Refused(401, "this token opens nothing", "trawl serve token list")
        return found.who

    def knows(self, connection: HTTPConnection) -> Who | None:
        """Whose a connection that is open already is now, by what it came with; None: nobody's."""
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            found = self.tokens.find(token.strip())
            return found.who if found else None
        return self.by_cookie(connection.cookies)

    def leave(self, cookies: Mapping[str, str]) -> None:
        """End the session that came with a request, wherever else its cookie is. Raises Unavailable."""
        self.sessions.leave(cookies.get(self.cookie, ""))

    def session_cookie(self, token: Token) -> dict[str, object]:
        """The cookie of a new session, as `Response.set_cookie` takes it."""
        return {
            "key": self.cookie, "value": self.sessions.open(token), "max_age": SESSION_S,
            "httponly": True, "samesite": "strict", "secure": self.surface.is_secure, "path": "/",
        }  # fmt: skip
