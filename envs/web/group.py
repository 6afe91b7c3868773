"""The processes of one browser: found by its supervisor, counted, and ended all together."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from envs.web.supervisor import descendants, started

PAUSE_S: Final = 0.02
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Group:
    """A supervisor and the driver that started it, each with the moment it began."""

    pid: int
    started: str
    driver: int
    driver_started: str

    @classmethod
    def read(cls, base: Path) -> Group | None:
        """The group whose supervisor wrote into its machine's directory; None where none did."""
        try:
            pid, began, driver, driver_began = (base / "group").read_text().split()
        except (OSError, ValueError):
            return None
        return cls(int(pid), began, int(driver), driver_began)

    def is_alive(self) -> bool:
        """Whether the supervisor, and so the browser, is running."""
        return started(self.pid) == self.started

    def members(self) -> Iterator[int]:
        """Every process of the browser, the supervisor first."""
        if self.is_alive():
            yield self.pid
            yield from descendants(self.pid)

    def rss_bytes(self) -> int:
        """Resident memory of all of them; pages that several share are counted for each."""
        return sum(_rss(pid) for pid in self.members())

    def end(self, within_s: float) -> None:
        """Ask the supervisor to end everything; kill what is left after that, and the driver."""
        _signal(self.pid, self.started, signal.SIGTERM)
        until = time.monotonic() + within_s
        while self.is_alive() and time.monotonic() < until:
            time.sleep(PAUSE_S)
        if self.is_alive():
            for pid in [*self.members()][::-1]:
                _signal(pid, started(pid), signal.SIGKILL)

    def end_driver(self) -> None:
        """Kill the driver where it did not end by itself."""
        _signal(self.driver, self.driver_started, signal.SIGKILL)


def _signal(pid: int, began: str, number: signal.Signals) -> None:
    """Signal the one process that began then; nothing where its number is another's by now."""
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return
    try:
        if began and started(pid) == began:
            signal.pidfd_send_signal(handle, number)
    except OSError:
        return
    finally:
        os.close(handle)


def _rss(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except (OSError, IndexError):
        return 0
