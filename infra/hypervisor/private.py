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
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Final

from infra.errors import Conflict
from infra.files import exclusive

OWNER: Final = "owner.lock"
"""Held by the process for as long as it lives, whether or not it has a host open."""


@cache
def private_root() -> Path:
    """This process's own root, removed when it ends."""
    prefix = f"trawl-host-{os.getuid()}-"
    for stale in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        end_stale(stale)
    root = Path(tempfile.mkdtemp(prefix=prefix))
    held = ExitStack()
    held.enter_context(exclusive(root / OWNER, f"the root {root}"))
    atexit.register(_end, root, held)
    return root


def _end(root: Path, held: ExitStack) -> None:
    """Remove the root, and only then let go of it."""
    with held:
        shutil.rmtree(root, ignore_errors=True)


def end_stale(root: Path) -> None:
    """End the machines of a root whose process is gone, and remove it; a living one is let be."""
    if root.stat().st_uid != os.getuid() or not (root / OWNER).exists():
        return
    with contextlib.suppress(Conflict, OSError), exclusive(root / OWNER, f"the root {root}"):
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
