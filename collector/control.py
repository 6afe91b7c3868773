"""The controller as a process: `python -m collector.control`, one for each home.

It joins the fleet, which knows no explorer, with the collector, which knows no fleet.
"""

from __future__ import annotations

import os
import resource
import signal
import sys

import structlog

from collector.collect import Collector
from collector.fleet import client
from collector.fleet.controller import Controller
from infra import home, logs
from infra import settings as settings_module
from infra.clock import SystemClock
from infra.errors import Interrupted, TrawlError
from infra.files import exclusive
from infra.ids import RandomIds
from infra.redaction import secrets_in


def main() -> int:
    """Own this host's machines until stopped."""
    settings, clock = settings_module.load(), SystemClock()
    log_path = client.lock_path(settings).with_name("controller.log")
    secrets = secrets_in({**os.environ, **settings.model_dump()})
    logs.configure(sys.stderr, log_path, secrets)
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # its memory holds what screens showed
        home.take(settings.home)
        with exclusive(client.lock_path(settings), "this home's controller"):
            controller = Controller(
                settings, Collector(settings, clock), clock, RandomIds(clock), settings.host
            )
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: _stop(controller))
            controller.run()
    except TrawlError as error:
        structlog.get_logger("controller").error("controller.failed", **error.as_record())
        return error.exit_code
    return 0


def _stop(controller: Controller) -> None:
    """The first signal closes what runs; a second one ends at once, and the next start adopts."""
    if controller.is_stopping:
        os._exit(Interrupted.exit_code)
    controller.stop()


if __name__ == "__main__":
    sys.exit(main())
