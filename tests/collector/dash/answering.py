"""A controller that answers and does nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from collector.dash.desk import Desk
from collector.fleet import client, service


@contextmanager
def answering(desk: Desk) -> Iterator[None]:
    """Its socket, below the home of a desk."""
    stop = threading.Event()
    operations = {"ping": lambda _: {}, "wake": lambda _: {}}
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
