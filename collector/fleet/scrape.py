"""`/metrics`, `/healthz` and `/readyz` over HTTP, for programs of this host alone.

It listens on 127.0.0.1 and answers only requests that were addressed to a loopback name, so that
a page in somebody's browser cannot reach it under a name of its own. It reads and changes nothing.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Final

import structlog

from infra.errors import TrawlError
from infra.metrics import CONTENT_TYPE

ADDRESS: Final = "127.0.0.1"
NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
ANSWER_S: Final = 5.0
"""A peer that is slower than this is hung up on."""
LOOK_S: Final = 0.5
"""So often is it seen that it should end."""
PLAIN: Final = "text/plain; charset=utf-8"
log = structlog.get_logger("scrape")


def serve(
    port: int,
    exposition: Callable[[], bytes],
    ready: Callable[[], bool],
    stop: threading.Event,
) -> None:
    """Answer until `stop`; port 0 means not at all. A port that is taken is logged and left."""
    if port == 0:
        return
    try:
        server = Endpoint(port, exposition, ready)
    except OSError as error:
        log.error("metrics.unavailable", port=port, reason=error.strerror)  # noqa: TRY400 - no trace
        return
    with server:
        server.answer_until(stop)


class Endpoint(socketserver.ThreadingTCPServer):
    """A listening socket on loopback; port 0 lets the kernel choose. Raises OSError."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, port: int, exposition: Callable[[], bytes], ready: Callable[[], bool]
    ) -> None:
        self.exposition, self.ready = exposition, ready
        self.timeout = LOOK_S
        super().__init__((ADDRESS, port), _Answer)

    def answer_until(self, stop: threading.Event) -> None:
        """Answer requests, each in a thread of its own."""
        while not stop.is_set():
            self.handle_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that hung up is no concern of ours."""


class _Answer(BaseHTTPRequestHandler):
    """One request."""

    server: Endpoint
    timeout = ANSWER_S
    server_version, sys_version = "trawl", ""

    def do_GET(self) -> None:
        """Answer one of the three pages."""
        if not _is_loopback(self.headers.get_all("Host", [])):
            self._say(HTTPStatus.MISDIRECTED_REQUEST, b"only loopback names are answered\n")
        elif self.path == "/metrics":
            self._metrics()
        elif self.path == "/healthz":
            self._say(HTTPStatus.OK, b"ok\n")
        elif self.path == "/readyz":
            ready = self.server.ready()
            status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
            self._say(status, b"ready\n" if ready else b"not ready\n")
        else:
            self._say(HTTPStatus.NOT_FOUND, b"known: /metrics /healthz /readyz\n")

    def do_HEAD(self) -> None:
        """The same without the body."""
        self.do_GET()

    def _metrics(self) -> None:
        try:
            shown = self.server.exposition()
        except TrawlError as error:
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, f"{error.kind}\n".encode())
        else:
            self._say(HTTPStatus.OK, shown, CONTENT_TYPE)

    def _say(self, status: HTTPStatus, body: bytes, kind: str = PLAIN) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Requests are not logged: they come every few seconds and say nothing."""


def _is_loopback(hosts: list[str]) -> bool:
    """Whether a request names one host, and that a loopback one, with or without a port."""
    if len(hosts) != 1:
        return False
    name, colon, port = hosts[0].strip().lower().rpartition(":")
    bare = name if colon and port.isdecimal() else hosts[0].strip().lower()
    return bare in NAMES
