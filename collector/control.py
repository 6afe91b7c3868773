"""The controller as a process: `python -m collector.control`, one for each home.

It joins the fleet, which knows no explorer, with the collector, which knows no fleet.
"""

from __future__ import annotations

import os
import queue
import resource
import signal
import sys
import threading
from typing import Protocol, TextIO

import structlog

from collector.collect import Collector
from collector.fleet import client
from collector.fleet.controller import Controller
from collector.fleet.meters import KindMeter
from envs import registry
from infra import home, logs
from infra import settings as settings_module
from infra.clock import Clock, SystemClock
from infra.errors import Interrupted, TrawlError
from infra.files import exclusive, sweep
from infra.ids import RandomIds
from infra.metrics import Metrics
from infra.redaction import secrets_in
from infra.settings import Settings


def main() -> int:
    """Own this host's machines until stopped."""
    settings, clock = settings_module.load(), SystemClock()
    metrics = Metrics(registry.names(), clock)
    open_log(settings, metrics, sys.stderr)
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # its memory holds what screens showed
        home.take(settings.home)
        with exclusive(client.lock_path(settings), "this home's controller"):
            for part in ("run", "recordings", "blobs", "quarantine"):
                sweep(settings.home / part)
            controller = assembled(settings, metrics, clock)
            heed_signals(controller)
            controller.run()
    except TrawlError as error:
        structlog.get_logger("controller").error("controller.failed", **error.as_record())
        return error.exit_code
    return 0


def open_log(settings: Settings, metrics: Metrics, stream: TextIO) -> None:
    """Log to the stream; what has to be withheld is counted."""
    path = client.lock_path(settings).with_name("controller.log")
    secrets = secrets_in({**os.environ, **settings.model_dump()})
    logs.configure(stream, path, secrets, metrics.redaction_failures().inc)


def assembled(settings: Settings, metrics: Metrics, clock: Clock) -> Controller:
    """The controller of the settings' home, with all that it does counted. Raises as Store does."""
    collect = Collector(settings, clock, lambda kind: KindMeter(metrics, kind))
    return Controller(settings, collect, metrics, clock, RandomIds(clock), settings.host)


class Stoppable(Protocol):
    """What signals end."""

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to end."""
        ...

    def stop(self) -> None:
        """Begin to end."""
        ...


def heed_signals(controller: Stoppable) -> None:
    """From now on SIGTERM and SIGINT stop the controller, the second of them at once.

    A handler runs between any two steps of the main thread, also while that holds the very lock
    that stopping wants: so it only hands the signal on, by what may be called there.
    """
    came: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda which, _: came.put(which))
    threading.Thread(target=_stops, args=(controller, came), daemon=True, name="signals").start()


def _stops(controller: Stoppable, came: queue.SimpleQueue[int]) -> None:
    """The first signal closes what runs; a second one ends at once, and the next start adopts."""
    while came.get():
        if controller.is_stopping:
            os._exit(Interrupted.exit_code)
        controller.stop()


if __name__ == "__main__":
    sys.exit(main())
