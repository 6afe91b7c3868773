"""The backends of this host by kind of machine, each opened on first use."""

from __future__ import annotations

import threading
from collections.abc import Callable

from collector.fleet.backend import Backend


class Backends:
    """Opens a kind's backend once; safe to share between threads."""

    def __init__(self, opener: Callable[[str], Backend]) -> None:
        self._opener = opener
        self._opened: dict[str, Backend] = {}
        self._lock = threading.Lock()

    def __call__(self, kind: str) -> Backend:
        """The backend of that kind. Raises TrawlError where this host cannot run it."""
        with self._lock:
            if kind not in self._opened:
                self._opened[kind] = self._opener(kind)
            return self._opened[kind]

    def opened(self) -> list[str]:
        """The kinds in use so far."""
        with self._lock:
            return sorted(self._opened)

    def close(self) -> None:
        """Let go of all of them."""
        for kind in self.opened():
            self._opened[kind].close()
