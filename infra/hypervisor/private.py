"""A root for one process alone: its machines are nobody else's, and end with it.

Where the process was killed, the next one that wants such a root ends what it left.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import tempfile
from functools import cache
from pathlib import Path

from infra.errors import Conflict
from infra.files import exclusive


@cache
def private_root() -> Path:
    """This process's own root, removed when it ends."""
    prefix = f"trawl-host-{os.getuid()}-"
    for stale in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        end_stale(stale)
    root = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def end_stale(root: Path) -> None:
    """End the machines of a root whose process is gone, and remove it; a living one is let be."""
    if root.stat().st_uid != os.getuid() or not (root / "lock").exists():
        return
    with contextlib.suppress(Conflict, OSError), exclusive(root / "lock", f"the root {root}"):
        for path in root.glob("run/qemu/*.pid"):
            pid = int(path.read_text(encoding="ascii") or 0)
            if pid > 1 and _runs_in(pid, root):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(root, ignore_errors=True)


def _runs_in(pid: int, root: Path) -> bool:
    """Whether the process is a machine of that root, and not one that took its number."""
    try:
        return str(root).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
