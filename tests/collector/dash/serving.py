"""The dashboard as it is served: a real server on loopback, in a thread, and who asks it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from collector.dash import server
from collector.dash.access.surface import Surface
from collector.dash.app import application
from collector.dash.desk import Desk
from infra.clock import SystemClock
from infra.ids import RandomIds
from infra.settings import Settings
from infra.store import Store

OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a request that our own page sends."""


@contextmanager
def desk_at(home: Path) -> Iterator[Desk]:
    """A desk over a home of its own."""
    settings = Settings(home=home, cache=home / "cache", disk_floor_bytes=0)
    clock = SystemClock()
    with Store(home / "trawl.db") as store:
        yield Desk(settings, store, clock, RandomIds(clock))


class Served:
    """A running server: its address, and clients that are signed in."""

    def __init__(self, desk: Desk, url: str, app: Any, stop: Callable[[], None]) -> None:
        self.desk, self.url, self.app, self.stop = desk, url, app, stop
        self._tokens: dict[str, str] = {}

    def token(self, role: str = "admin") -> str:
        """A token of that role."""
        if role not in self._tokens:
            self._tokens[role] = self.app.state.keeper.tokens.add(f"the {role}", role)
        return self._tokens[role]

    def session(self, role: str = "admin") -> tuple[str, str]:
        """The cookie of a session of that role: its name and its value."""
        keeper = self.app.state.keeper
        found = keeper.tokens.find(self.token(role))
        return keeper.cookie, keeper.sessions.open(found)

    def client(self, role: str | None = "admin") -> httpx.Client:
        """A browser as far as requests go: signed in, on our own page. None: a stranger."""
        cookies = dict([self.session(role)]) if role else {}
        return httpx.Client(base_url=self.url, cookies=cookies, headers=OURS, timeout=20)


@contextmanager
def serving(desk: Desk, port: int = 0, surface: Surface | None = None) -> Iterator[Served]:
    """Serve a desk until the block ends."""
    surface = surface or Surface(port=port)
    app = application(desk, surface)
    listener, running = server.listen(surface), server.server(app, surface)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until_s = time.monotonic() + 20
    while not running.started and time.monotonic() < until_s:
        time.sleep(0.01)
    assert running.started, "the server did not start"

    def stop() -> None:
        running.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive(), "the server did not end"

    try:
        yield Served(desk, f"http://127.0.0.1:{listener.getsockname()[1]}", app, stop)
    finally:
        stop()
