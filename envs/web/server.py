"""The loopback server of our own sites: reads only, for hosts under its own suffix, from a thread."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from envs.web.sites import catalogue, render
from envs.web.sites.render import Answer, Query

MISSING: Final = Answer(b"<!doctype html><title>404</title><h1>Not found</h1>", status=404)
FIELDS: Final = 64
POLL_S: Final = 5.0
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-src http://*.test; form-action 'self'; base-uri 'none'"
)
"""Nothing from elsewhere; styles may stand in attributes, since charts and colours need them."""


class Server:
    """A server on a port of its own, until it is closed."""

    def __init__(self) -> None:
        self._http = _Quiet(("127.0.0.1", 0), _Handler)
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": POLL_S}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End it; closing twice is fine."""
        if not self._thread.is_alive():
            return
        ending = threading.Thread(target=self._http.shutdown, daemon=True)
        ending.start()
        with contextlib.suppress(OSError):  # a connection wakes the server from its long poll
            socket.create_connection(("127.0.0.1", self.port), 1.0).close()
        self._thread.join(POLL_S + 1)
        self._http.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no error."""


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    server_version = "trawl"
    sys_version = ""
    timeout = 5

    def do_GET(self) -> None:
        """A page, a picture, a style sheet, a script, or 404."""
        self._say(self._answer())

    def _answer(self) -> Answer:
        host = (self.headers.get("Host") or "").partition(":")[0]
        site = catalogue.SITES.get(catalogue.site_of(f"http://{host}"))
        if site is None:
            return MISSING
        try:
            parts = urlsplit(self.path)
            said = dict(parse_qsl(parts.query, max_num_fields=FIELDS))
        except ValueError:
            return MISSING
        query = Query.of(said)
        kind, _, rest = parts.path.strip("/").partition("/")
        if kind == "static":
            return render.static(rest) or MISSING
        if kind == "art":
            return render.picture(rest.removesuffix(".svg"), query.number("n")) or MISSING
        return MISSING if rest else render.page(site, kind or "index", query)

    def _say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        lasting = not answer.type.startswith("text/html")
        self.send_header("Cache-Control", "max-age=3600" if lasting else "no-store")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Requests are not logged."""
