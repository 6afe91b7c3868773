"""A controller's socket that is answered at, by whatever operations a test gives it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from collector.dash.desk import Desk
from collector.fleet import client, service


@contextmanager
def answering(desk: Desk, **more: Callable[..., Any]) -> Iterator[None]:
    """The socket, below the home of a desk; without more it is there and does nothing."""
    stop = threading.Event()
    operations = {"ping": lambda _: {}, "wake": lambda _: {}, **more}
    socket = client.socket_path(desk.settings)
    serves = threading.Thread(target=service.serve, args=(socket, operations, stop))
    serves.start()
    while not client.is_up(desk.settings):
        stop.wait(0.02)
    try:
        yield
    finally:
        stop.set()
        serves.join()
