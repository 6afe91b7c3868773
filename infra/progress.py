"""Progress of long steps: a bar on a terminal, a plain line now and then elsewhere.

It writes to standard error, so that standard output stays a command's answer.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from infra.visible import one_line

LINE_EVERY_S: Final = 10.0


class Progress(Protocol):
    """What a long step tells about itself."""

    def advance(self, count: int = 1) -> None:
        """So many more items are done."""
        ...

    def say(self, stage: str) -> None:
        """A new stage of the step has begun."""
        ...

    def expect(self, total: int) -> None:
        """From here on so many items are to be done, none of them yet."""
        ...


class Silent:
    """Tells nobody: the default for callers without a person in front of them."""

    def advance(self, count: int = 1) -> None:
        """Nothing to tell."""

    def say(self, stage: str) -> None:
        """Nothing to tell."""

    def expect(self, total: int) -> None:
        """Nothing to tell."""


class _Lines:
    """Plain lines with what is done, how fast, and how long is left."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what, self._total = what, total
        self._start = self._said = self._since = time.monotonic()
        self._done = 0
        self._stage = ""

    def advance(self, count: int = 1) -> None:
        self._done += count
        if time.monotonic() - self._said >= LINE_EVERY_S:
            self._line()

    def say(self, stage: str) -> None:
        self._stage = stage
        self._line()

    def expect(self, total: int) -> None:
        self._total, self._done, self._since = total, 0, time.monotonic()

    def _line(self) -> None:
        self._said = time.monotonic()
        took = self._said - self._start
        parts = [f"{took:5.0f} s", self._what, self._stage]
        if self._done:
            rate = self._done / max(self._said - self._since, 1e-9)
            of = f"/{self._total}" if self._total else ""
            left = f", {(self._total - self._done) / rate:.0f} s left" if self._total else ""
            parts.append(f"{self._done}{of} ({rate:.1f}/s{left})")
        sys.stderr.write(one_line("  ".join(p for p in parts if p)) + "\n")
        sys.stderr.flush()

    def end(self) -> None:
        self._line()


class _Bar:
    """Rich's bar."""

    def __init__(self, what: str, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import Progress as Rich

        self._what = what
        self._rich = Rich(console=Console(stderr=True))
        self._task = self._rich.add_task(_plain(what), total=total)
        self._rich.start()

    def advance(self, count: int = 1) -> None:
        self._rich.advance(self._task, count)

    def say(self, stage: str) -> None:
        self._rich.update(self._task, description=_plain(f"{self._what}: {stage}"))

    def expect(self, total: int) -> None:
        self._rich.reset(self._task, total=total)

    def end(self) -> None:
        self._rich.stop()


def _plain(text: str) -> str:
    """`text` as rich shows it to the letter."""
    from rich.markup import escape

    return escape(one_line(text))


@contextmanager
def open_progress(what: str, total: int | None = None) -> Iterator[Progress]:
    """Tell on standard error how `what` gets on, until the block ends."""
    shown = _Bar(what, total) if sys.stderr.isatty() else _Lines(what, total)
    try:
        yield shown
    finally:
        shown.end()
