"""Another site: pages of a server on another port, and what the database held before they came."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from collector.dash.api import PATH
from collector.dash.api.application import api
from collector.dash.app import application
from collector.dash.desk import Desk


@contextmanager
def site(html: str) -> Iterator[str]:
    """The address of a foreign page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<!doctype html><meta charset=utf-8><body>{html}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def held(desk: Desk) -> list[str]:
    """All that the database holds, as statements."""
    with sqlite3.connect(desk.settings.home / "trawl.db") as connection:
        return list(connection.iterdump())


def routes(desk: Desk) -> list[tuple[str, str]]:
    """Each method and address of the dashboard and its API; a machine's where one wants a name."""
    found = [*_of(application(desk), ""), *_of(api(), PATH)]
    assert len(found) > 40
    return found


def _of(app: FastAPI, prefix: str) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            yield method, re.sub(r"{\w+(:\w+)?}", "m0000", f"{prefix}{route.path}")
