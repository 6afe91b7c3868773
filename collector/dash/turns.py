"""What takes a host long is done for one at a time: who comes while it goes on is told so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from infra.errors import Conflict


@contextmanager
def alone(what: str) -> Iterator[None]:
    """While it lasts nobody else here does `what`, one of a few words. Raises Conflict."""
    turn = _turn(what)
    if not turn.acquire(blocking=False):
        raise Conflict(f"{what} is at work already", "ask again when it has ended", what)
    try:
        yield
    finally:
        turn.release()


@cache
def _turn(what: str) -> Lock:
    del what
    return Lock()
