"""A controller that only looks: real fake machines behind the socket of a desk's home."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from collector.dash.desk import Desk
from collector.fleet import client, service
from collector.fleet.backends import Backends
from collector.fleet.local import LocalBackend
from collector.fleet.thumbnails import Thumbnails
from infra.clock import SystemClock
from infra.store import machines


@contextmanager
def looking(desk: Desk) -> Iterator[Backends]:
    """The backends that its machines are started on."""
    backends = Backends(LocalBackend)
    thumbnails, stop = Thumbnails(backends, SystemClock()), threading.Event()

    def screens(request: Any) -> dict[str, Any]:
        with desk.store.read() as tx:
            found = machines.some(tx, request["machines"])
        return {"screens": thumbnails.of(found, request["known"], request["width"])}

    path = client.socket_path(desk.settings)
    serving = threading.Thread(
        target=service.serve, args=(path, {"screens": screens, "ping": lambda _: {}}, stop)
    )
    serving.start()
    while not client.is_up(desk.settings):
        stop.wait(0.02)
    try:
        yield backends
    finally:
        stop.set()
        serving.join(5)
        thumbnails.close()
        backends.close()
