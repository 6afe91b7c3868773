"""How commands reach the controller: find it, start it where there is none, ask it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from collector.fleet import service
from infra.clock import Clock, Deadline
from infra.errors import Conflict, Unavailable
from infra.files import exclusive
from infra.settings import Settings

START_S: Final = 30.0


def socket_path(settings: Settings) -> Path:
    """Where this home's controller listens."""
    return settings.home / "run" / "controller.sock"


def is_up(settings: Settings) -> bool:
    """Whether a controller answers."""
    try:
        service.ask(socket_path(settings), "ping")
    except Unavailable:
        return False
    return True


def wake(settings: Settings) -> bool:
    """Tell the controller that something else is desired now; False where none answers."""
    try:
        service.ask(socket_path(settings), "wake")
    except Unavailable:
        return False
    return True


def has_ended(settings: Settings) -> bool:
    """Whether no controller process holds this home any more."""
    try:
        with exclusive(lock_path(settings), "this home's controller"):
            return True
    except Conflict:
        return False


def lock_path(settings: Settings) -> Path:
    """What a controller holds for as long as it lives."""
    return settings.home / "run" / "controller.lock"


def ensure(settings: Settings, clock: Clock) -> bool:
    """Start the controller where none answers; True where it was started.

    It is a session of its own, so that it outlives the command. One that ends at once because
    nothing is wanted has done its work. Raises Unavailable with the end of its log where it does
    not come up.
    """
    if is_up(settings):
        return False
    log = settings.home / "run" / "controller.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "collector.control"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            env={**os.environ, "TRAWL_HOME": str(settings.home)},
        )  # fmt: skip
    deadline = Deadline.after(clock, START_S)
    while not deadline.is_past():
        if is_up(settings):
            return True
        if process.poll() == 0:
            return True
        if process.returncode is not None and has_ended(settings):
            break  # else another was started meanwhile, and comes up
        clock.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace")[-600:]
    raise Unavailable(f"the controller did not come up: {tail.strip()}", f"see {log}")
