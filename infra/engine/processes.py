"""The processes of this home's node, known by the token that each has in its environment.

Other clusters of this host, and controllers that an actor started, are not among them.
"""

from __future__ import annotations

import importlib.util
import os
import signal
from multiprocessing.connection import wait
from pathlib import Path
from typing import Final

from infra.engine.cluster import token_at

GRACE_S: Final = 10.0
"""A process that was asked to end is killed after so long."""
TITLE: Final = b"ray::"
"""How Ray's workers and agents name themselves."""


def stop(home: Path) -> int:
    """End every process of this home's node; how many there were. Twice is the same as once."""
    ours = _of(home)
    for pid in ours:
        _end(pid)
    return len(ours)


def _of(home: Path) -> list[int]:
    """The node's processes, first those that start others."""
    place = _ray()
    if place is None:
        return []
    mark = b"RAY_AUTH_TOKEN_PATH=" + os.fsencode(token_at(home))
    every = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return sorted(pid for pid in every if _is_of(pid, mark, place))


def _ray() -> bytes | None:
    """Where Ray's programs lie; None where it is not installed."""
    found = importlib.util.find_spec("ray")  # finds without importing
    places = found.submodule_search_locations if found else None
    return os.fsencode(next(iter(places))) + b"/" if places else None


def _is_of(pid: int, mark: bytes, place: bytes) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        environ = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:  # it is somebody else's, or has ended
        return False
    return (words.startswith(TITLE) or place in words) and mark in environ.split(b"\0")


def _end(pid: int) -> None:
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        signal.pidfd_send_signal(process, signal.SIGTERM)
        if not wait([process], GRACE_S):
            signal.pidfd_send_signal(process, signal.SIGKILL)
            wait([process], GRACE_S)
    except ProcessLookupError:
        pass
    finally:
        os.close(process)
