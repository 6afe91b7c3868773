"""The logs of QEMU and of the driver, kept short: a guest can make QEMU complain without end.

Both append, so that a file can be cut while it is written to. The kernel says when one is written:
an idle fleet costs nothing, and a log that grows is looked at every few milliseconds.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.errors import Unavailable
from infra.limits import MACHINE_LOG_BYTES

if TYPE_CHECKING:
    from inotify_simple import INotify

CUT_BYTES: Final = MACHINE_LOG_BYTES // 4
"""A longer log is cut, so early that what is written until then stays below MACHINE_LOG_BYTES."""
KEPT_BYTES: Final = CUT_BYTES // 2
"""The newest part, which stays when a log is cut."""
EVERY_S: Final = 0.02
"""Logs that are written to are looked at so often."""


@contextmanager
def minded(root: Path) -> Iterator[None]:
    """Keep the logs below a root short, in a thread of its own, while it lasts.

    Raises Unavailable where the kernel watches no more directories for this user.
    """
    directories = root, root / "log" / "qemu"
    directories[1].mkdir(mode=0o700, parents=True, exist_ok=True)
    ended = threading.Event()
    with _watching(directories) as watch, _alarm() as alarm:
        thread = threading.Thread(
            target=_mind, args=(root, watch, alarm, ended), name="hypervisor-logs", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            ended.set()
            os.eventfd_write(alarm, 1)
            thread.join()
            bound(root)


def bound(root: Path) -> None:
    """Cut each log below a root that is longer than CUT_BYTES to its newest part.

    What is written while it is read may be lost; the file stays the one that is written to.
    """
    for path in (root / "libvirt.log", *(root / "log" / "qemu").glob("*.log")):
        with contextlib.suppress(OSError):  # it went, or is looked at again
            if path.stat().st_size > CUT_BYTES:
                _cut(path)


def _cut(path: Path) -> None:
    with path.open("rb") as log:
        log.seek(-KEPT_BYTES, os.SEEK_END)
        newest = log.read(KEPT_BYTES)
    os.truncate(path, 0)
    with path.open("ab") as log:  # after what was written since
        log.write(newest[newest.find(b"\n") + 1 :])


def _mind(root: Path, watch: INotify, alarm: int, ended: threading.Event) -> None:
    bound(root)
    while not ended.is_set():
        wait([watch, alarm])
        watch.read(timeout=0)
        bound(root)
        ended.wait(EVERY_S)


@contextmanager
def _watching(directories: tuple[Path, ...]) -> Iterator[INotify]:
    from inotify_simple import INotify, flags

    try:
        watch = INotify()
    except OSError as error:
        raise Unavailable(
            f"no log can be watched: {error.strerror}", "sysctl fs.inotify.max_user_instances=1024"
        ) from error
    with watch:
        for directory in directories:
            watch.add_watch(directory, flags.MODIFY)
        yield watch


@contextmanager
def _alarm() -> Iterator[int]:
    """A descriptor that wakes the thread when it is written to."""
    number = os.eventfd(0)
    try:
        yield number
    finally:
        os.close(number)
