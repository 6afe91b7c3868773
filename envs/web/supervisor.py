"""The parent of one browser: its own session, and nothing of it outlives its owner.

Run as a program, with the standard library alone, in the place of the browser: it becomes the
leader of the browser's process group, starts it with the same open descriptors, and waits for
the first of three ends: the browser's, its parent's (the driver that launched it), its owner's
(the process that opened the machine). Then it kills every descendant, also those that moved to
another group or session, removes the machine's directory and ends. Were it killed itself, the
kernel kills the browser (PR_SET_PDEATHSIG), and the browser's children follow it.

    supervisor.py OWNER_PID OWNER_STARTED DIRECTORY -- BROWSER ARG…
"""

from __future__ import annotations

import ctypes
import os
import resource
import select
import shutil
import signal
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PASSES = 50
PAUSE_S = 0.02


def started(pid: int) -> str:
    """When a process began, in clock ticks since boot: with its id, it names one process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def parents() -> dict[int, int]:
    """Every process's parent."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            found[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def descendants(root: int) -> list[int]:
    """Everything below a process, however far."""
    of = parents()
    below: list[int] = []
    frontier = {root}
    while frontier:
        frontier = {pid for pid, parent in of.items() if parent in frontier}
        below += frontier
    return below


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _launch(command: list[str]) -> int:
    """Start the browser in this group; it dies with this process. Returns its pid."""
    pid = os.fork()
    if pid:
        return pid
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    finally:
        os._exit(127)


def _wait(owner: int, owner_started: str, browser: int) -> None:
    """Return when the browser, the driver or the owner has ended, or we are told to end."""
    try:
        watched = [os.pidfd_open(owner), os.pidfd_open(os.getppid()), os.pidfd_open(browser)]
    except ProcessLookupError:
        return
    if started(owner) != owner_started:
        return
    wake, told = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(told, b"x"))
    poller = select.poll()
    for fd in (*watched, wake):
        poller.register(fd, select.POLLIN)
    poller.poll()


def _sweep() -> None:
    """Kill every descendant until none is left; orphans are ours, since we reap for all."""
    for _ in range(PASSES):
        left = descendants(os.getpid())
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(PAUSE_S)


def main(argv: list[str]) -> int:
    """Supervise one browser from start to end."""
    owner, owner_started, base = int(argv[0]), argv[1], Path(argv[2])
    driver = os.getppid()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no copy of what pages held
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.getpgid(0) != os.getpid():
        os.setpgid(0, 0)
    me = os.getpid()
    (base / "group").write_text(f"{me} {started(me)} {driver} {started(driver)}\n")
    browser = _launch(argv[argv.index("--") + 1 :])
    try:
        _wait(owner, owner_started, browser)
    finally:
        _sweep()
        shutil.rmtree(base, ignore_errors=True)
    if started(owner) != owner_started and os.getppid() == driver:
        os.kill(driver, signal.SIGKILL)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
