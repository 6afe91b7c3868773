"""The controller as a process: `python -m collector.control`, one for each home.

It joins the fleet, which knows no explorer, with the collector, which knows no fleet.
"""

from __future__ import annotations

import signal
import sys

import structlog

from collector.collect import Collector
from collector.fleet import client
from collector.fleet.controller import Controller
from infra import settings as settings_module
from infra.clock import SystemClock
from infra.errors import TrawlError
from infra.files import exclusive
from infra.ids import RandomIds


def main() -> int:
    """Own this host's machines until stopped."""
    settings, clock = settings_module.load(), SystemClock()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        with exclusive(client.lock_path(settings), "this home's controller"):
            controller = Controller(settings, Collector(settings, clock), clock, RandomIds(clock))
            signal.signal(signal.SIGTERM, controller.stop)
            signal.signal(signal.SIGINT, controller.stop)
            controller.run()
    except TrawlError as error:
        structlog.get_logger("controller").error("controller.failed", **error.as_record())
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
