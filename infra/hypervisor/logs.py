"""The logs of QEMU and of the driver, kept short: a guest can make QEMU complain without end.

Both append, so that a file can be cut while it is written to.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from infra.limits import MACHINE_LOG_BYTES

KEPT_BYTES: Final = MACHINE_LOG_BYTES // 2
"""The newest part, which stays when a log is cut."""


def bound(root: Path) -> None:
    """Cut each log below a root that is longer than MACHINE_LOG_BYTES to its newest half.

    What is written meanwhile may be lost; the file stays the one that is written to.
    """
    for path in (root / "libvirt.log", *(root / "log" / "qemu").glob("*.log")):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size > MACHINE_LOG_BYTES:
                _cut(path)


def _cut(path: Path) -> None:
    with path.open("r+b") as log:
        log.seek(-KEPT_BYTES, os.SEEK_END)
        newest = log.read(KEPT_BYTES)
        log.truncate(0)
        log.seek(0)
        log.write(newest[newest.find(b"\n") + 1 :])
