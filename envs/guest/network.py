"""Gives this machine its way out: starts the program that carries it, and tells the desktop.

Programs that read the desktop's proxy settings find it at once, shells at their next prompt, the
others when they are started anew by the agent or the session's bus.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from envs.guest.egress import ADDRESS
from envs.guest.faults import Refused, text

NONCE: Final = re.compile(r"[0-9a-f]{16}")
START_S: Final = 30.0
END_S: Final = 5.0
TELL_S: Final = 20
URL: Final = f"http://{ADDRESS[0]}:{ADDRESS[1]}"
WORDS: Final = {
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), URL),
    **dict.fromkeys(("no_proxy", "NO_PROXY"), "localhost,127.0.0.1"),
}
SHELLS: Final = "trawl-proxy"
"""The file in the session's runtime directory that shells read when they prompt."""


class Network:
    """The program that carries this machine's connections, started anew each time it is asked for."""

    def __init__(self) -> None:
        self._program: subprocess.Popen[bytes] | None = None

    def open(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Start it with the `nonce` of its hello; what an earlier one carried is over."""
        nonce = text(args, "nonce", 16)
        if not NONCE.fullmatch(nonce):
            raise Refused("usage", "nonce is 16 hex digits")
        self._end()
        command = [sys.executable, "-m", "envs.guest.egress", nonce]
        self._program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        _await(self._program)
        _tell_programs()
        _tell_desktop()
        return {"proxy": URL}

    def _end(self) -> None:
        if self._program is not None:
            self._program.kill()
            self._program.communicate(timeout=END_S)
            self._program = None


def _await(program: subprocess.Popen[bytes]) -> None:
    """Wait until it listens. Raises Refused where it ends or says nothing in time."""
    assert program.stdout is not None
    poll = select.poll()
    poll.register(program.stdout, select.POLLIN)
    if not poll.poll(START_S * 1000) or not os.read(program.stdout.fileno(), 16):
        program.kill()
        raise Refused("failed", "the way out does not open")


def _tell_programs() -> None:
    """Those that are started from now on, and shells that run already."""
    os.environ.update(WORDS)
    lines = "".join(f"export {name}={value}\n" for name, value in WORDS.items())
    shells = Path(os.environ["XDG_RUNTIME_DIR"]) / SHELLS
    part = shells.with_suffix(".part")
    part.write_text(lines, encoding="ascii")
    part.rename(shells)
    command = ["dbus-update-activation-environment", "--systemd", *WORDS]
    subprocess.run(command, check=True, capture_output=True, timeout=TELL_S)


def _tell_desktop() -> None:
    """Programs that ask the desktop's settings, as Firefox does, before each connection."""
    from gi.repository import Gio

    for name in ("http", "https"):
        settings = Gio.Settings.new(f"org.gnome.system.proxy.{name}")
        settings.set_string("host", ADDRESS[0])
        settings.set_int("port", ADDRESS[1])
    Gio.Settings.new("org.gnome.system.proxy").set_string("mode", "manual")
    Gio.Settings.sync()
