"""Files that are either absent or whole: publish, hash, lock.

Publishing is write, fsync the file, rename, fsync the directory. `CRASH_AT=n` in the environment
kills the process at the n-th commit point, of files as of the database (`infra.store`), so that tests
can enumerate them; `FAIL_AT=n` (see `infra.disk`) makes the n-th call to the disk fail. What a
killed writer leaves is a temporary file, which `sweep` removes.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from infra import disk
from infra.clock import Clock, Deadline, SystemClock
from infra.errors import Conflict

CHUNK_BYTES = 1 << 20
LOOK_EVERY_S = 0.1
"""How often who waits for a lock tries to take it."""
TEMPORARY = re.compile(r"\..+\.(?P<pid>\d+)-\d+\.tmp")
"""The file that `publish` writes before it has its name."""
_points = itertools.count(1)
_temporaries = itertools.count(1)


def commit_point() -> None:
    """A moment between two durable writes; `CRASH_AT=n` dies by SIGKILL at the n-th."""
    wanted = os.environ.get("CRASH_AT")
    if wanted and next(_points) == int(wanted):
        os.kill(os.getpid(), signal.SIGKILL)


def fsync_dir(path: Path) -> None:
    """Make renames and creations in `path` durable."""
    disk.sync_dir(path)


def publish(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write `data` to `path` so that a reader sees the old file or the new one, never a part."""
    disk.make_dir(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{next(_temporaries)}.tmp")
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        try:
            disk.write(fd, data, 0)
            disk.sync(fd)
        finally:
            os.close(fd)
        commit_point()
        disk.rename(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_dir(path.parent)
    commit_point()


def replace_dir(final: Path, temporary: Path) -> None:
    """Put a directory in an older one's place; a reader sees one or the other. Raises OSError."""
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        disk.rename(final, old)
    try:
        commit_point()
        disk.rename(temporary, final)
    except BaseException:
        if old.exists() and not final.exists():
            old.rename(final)
        raise
    fsync_dir(final.parent)
    shutil.rmtree(old, ignore_errors=True)


def sweep(root: Path) -> int:
    """Remove the temporary files below `root` of writers that are no more; how many those were."""
    swept = 0
    for directory, _, names in os.walk(root):
        for name in names:
            found = TEMPORARY.fullmatch(name)
            if found and not Path("/proc", found["pid"]).exists():
                Path(directory, name).unlink(missing_ok=True)
                swept += 1
    return swept


def sha256_bytes(data: bytes) -> str:
    """The SHA-256 of `data` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file's content in lower-case hex, read in chunks."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def exclusive(
    path: Path, what: str, wait_s: float = 0.0, clock: Clock | None = None
) -> Iterator[None]:
    """Hold the lock file `path`; raise Conflict naming who has it still after `wait_s`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    clock = clock or SystemClock()
    deadline = Deadline.after(clock, wait_s)
    with path.open("a+") as handle:
        while not _is_locked(handle):
            if deadline.is_past():
                handle.seek(0)
                holder = handle.read().strip() or "another process"
                raise Conflict(f"{what} is held by {holder}", "wait for it to end", what)
            clock.sleep(LOOK_EVERY_S)
        handle.truncate(0)
        handle.write(f"pid {os.getpid()}\n")
        handle.flush()
        yield


def _is_locked(handle: IO[str]) -> bool:
    """Take the lock of an open file, where nobody has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
