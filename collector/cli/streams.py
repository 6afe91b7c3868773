"""Our standard streams as they may be: open, closed from the start, or read by nobody any more.

A command whose reader goes away, such as `head`, ends without a word. What nobody reads on standard
error is let go, since it is never a command's answer.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO, cast

UNREAD: Final = 128 + signal.SIGPIPE
"""The exit code of a command whose output nobody reads: as if the signal had ended it."""


class ReaderGone(BaseException):
    """Nobody reads our standard output any more; no handler of errors has anything to mend."""


@contextmanager
def minded() -> Iterator[None]:
    """While it lasts, writing to standard output raises ReaderGone where nobody reads it."""
    before = sys.stdout, sys.stderr
    if sys.stdin is None:
        _hold(0)
    sys.stdout = _minded(sys.stdout, 1, ends=True)
    sys.stderr = _minded(sys.stderr, 2, ends=False)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _minded(stream: TextIO | None, number: int, *, ends: bool) -> TextIO:
    return cast("TextIO", _Stream(stream or _nowhere(number), ends=ends))


def _nowhere(number: int) -> TextIO:
    """In place of a stream that was closed when we were started."""
    _hold(number)
    return os.fdopen(number, "w", encoding="utf-8", closefd=False)


def _hold(number: int) -> None:
    """Let nothing be read or written there, and no file of ours have it, which children would use."""
    null = os.open(os.devnull, os.O_RDWR)
    if null == number:
        os.set_inheritable(number, True)  # noqa: FBT003 - it takes no keyword
    else:
        os.dup2(null, number)
        os.close(null)


class _Stream:
    """The stream, but for what happens where nobody reads it."""

    def __init__(self, stream: TextIO, *, ends: bool) -> None:
        self._stream, self._ends = stream, ends

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write; the reader gets it with the next flush."""
        with self._unread():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        with self._unread():
            self._stream.flush()

    @contextmanager
    def _unread(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            _hold(self._stream.fileno())  # what is buffered still is written at the end
            if self._ends:
                raise ReaderGone from None
