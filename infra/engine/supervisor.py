"""Keeps one process alive that is nobody's child: it outlives whoever started it.

The process holds a lock file with its pid for as long as it lives. One that runs already, from an
earlier life, is looked after like one that was started here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Final

from infra.errors import Conflict
from infra.files import exclusive

BY_PROXY: Final = (
    "import subprocess, sys; log = open(sys.argv[1], 'ab');"
    "p = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=log, stderr=log,"
    " start_new_session=True); sys.stdout.write(str(p.pid))"
)
"""Starts a process and ends, so that no tree of ours holds it: Ray ends its workers' children."""
SPAWN_S: Final = 30.0


class Supervisor:
    """One process by its lock; used by one thread. `wanted` is asked before each start."""

    def __init__(
        self,
        command: Sequence[str],
        lock: Path,
        log: Path,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._command, self._lock, self._log = list(command), lock, log
        self._wanted = wanted
        self._process: int | None = None
        self.pid = 0
        self.starts = 0

    def look(self) -> int:
        """The pid of the process, started where there is none; 0 where none is wanted."""
        if self._is_alive():
            return self.pid
        self.pid = self._holder() or (self._spawn() if self._wanted() else 0)
        if not self.pid:
            return 0
        try:
            self._process = os.pidfd_open(self.pid)
        except ProcessLookupError:
            self._process = None  # it ended at once; the next look starts it again
        return self.pid

    def _is_alive(self) -> bool:
        if self._process is None:
            return False
        if not wait([self._process], 0):
            return True
        os.close(self._process)
        self._process = None
        return False

    def _holder(self) -> int:
        """Who holds the lock; 0 where nobody does."""
        try:
            with exclusive(self._lock, "the supervised process"):
                return 0
        except Conflict:
            said = self._lock.read_text(encoding="utf-8").split()
            return int(said[1]) if len(said) > 1 else self.pid  # it has it, and writes its pid next

    def _spawn(self) -> int:
        self.starts += 1
        self._log.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", BY_PROXY, str(self._log), *self._command],
            stdout=subprocess.PIPE, text=True, timeout=SPAWN_S, check=True,
        )  # fmt: skip
        return int(done.stdout)
