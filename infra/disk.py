"""The calls by which bytes become durable: write, fsync, rename, make a directory.

Whoever promises that something survives goes through here, so that each single call can be made to
fail: `FAIL_AT=n` in the environment fails the n-th call of the process, `FAIL_AT=n+` that one and
all after it, with the error that `FAIL_WITH` names (`ENOSPC` by default). A write that fails has
written half of its bytes, as a full disk does.
"""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable
from pathlib import Path

_calls = itertools.count(1)


def write(fd: int, data: bytes, offset: int) -> None:
    """Write all of `data` at `offset`, in as many calls as the file system wants. Raises OSError."""
    _may_fail(lambda: _write(fd, data[: len(data) // 2], offset))
    _write(fd, data, offset)


def sync(fd: int) -> None:
    """Make the file or directory behind `fd` durable. Raises OSError."""
    _may_fail()
    os.fsync(fd)


def sync_dir(path: Path) -> None:
    """Make renames and creations in `path` durable. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync(fd)
    finally:
        os.close(fd)


def sync_tree(root: Path) -> None:
    """Make every file and directory below `root`, and `root`, durable. Raises OSError."""
    for directory, _, names in os.walk(root, topdown=False):
        for name in names:
            fd = os.open(Path(directory) / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                sync(fd)
            finally:
                os.close(fd)
        sync_dir(Path(directory))


def rename(old: Path, new: Path) -> None:
    """Give `old` the name `new`; not durable before the directory is synced. Raises OSError."""
    _may_fail()
    old.rename(new)


def make_dir(path: Path) -> None:
    """Have the directory and those above it, each durable in the one that holds it."""
    missing = [place for place in (path, *path.parents) if not place.exists()]
    for place in reversed(missing):
        _may_fail()
        place.mkdir(exist_ok=True)
        sync_dir(place.parent)


def is_full(error: OSError) -> bool:
    """Whether the call failed for want of room, which may come back."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def _may_fail(first: Callable[[], None] | None = None) -> None:
    """Raise the wanted OSError where this call is the wanted one, after doing `first`."""
    wanted = os.environ.get("FAIL_AT")
    if not wanted:
        return
    number, at = next(_calls), int(wanted.rstrip("+"))
    if number == at or (wanted.endswith("+") and number > at):
        if first is not None:
            first()
        name = os.environ.get("FAIL_WITH", "ENOSPC")
        code = getattr(errno, name)
        raise OSError(code, f"{os.strerror(code)} (call {number}, wanted by FAIL_AT)")


def _write(fd: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(fd, view, offset)
        view, offset = view[written:], offset + written
