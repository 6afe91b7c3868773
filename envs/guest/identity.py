"""The one privileged part: sets the clock, the machine id and the host name, and nothing else.

Run by root beside the session; the desktop's user asks over a unix socket with one line of JSON.
The values are checked here, because the asker may be anything that runs in the session: the most
it can do is give this guest another clock or name.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

SOCKET: Final = Path("/run/trawl/identity")
DESKTOP_UID: Final = 1000
LINE_BYTES: Final = 512
YEAR_2020_NS: Final = 1_577_836_800 * 10**9
YEAR_2100_NS: Final = 4_102_444_800 * 10**9
_MACHINE_ID: Final = re.compile(r"[0-9a-f]{32}")
_HOST_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62})")


def checked(line: bytes) -> tuple[int, str, str]:
    """The clock (UTC ns), machine id and host name of a request. Raises ValueError."""
    asked = json.loads(line)
    if not isinstance(asked, dict) or set(asked) != {"now_ns", "machine_id", "hostname"}:
        raise ValueError("exactly now_ns, machine_id and hostname")
    now_ns, machine_id, hostname = asked["now_ns"], asked["machine_id"], asked["hostname"]
    if type(now_ns) is not int or not YEAR_2020_NS <= now_ns < YEAR_2100_NS:
        raise ValueError("now_ns is UTC nanoseconds of this century")
    if not isinstance(machine_id, str) or not _MACHINE_ID.fullmatch(machine_id):
        raise ValueError("machine_id is 32 lower-case hex digits")
    if not isinstance(hostname, str) or not _HOST_NAME.fullmatch(hostname):
        raise ValueError("hostname is a label of lower-case letters, digits and dashes")
    return now_ns, machine_id, hostname


def apply(now_ns: int, machine_id: str, hostname: str) -> None:
    """Make this machine that one. Needs root."""
    time.clock_settime_ns(time.CLOCK_REALTIME, now_ns)
    socket.sethostname(hostname)
    Path("/etc/hostname").write_text(hostname + "\n", encoding="ascii")
    Path("/etc/machine-id").write_text(machine_id + "\n", encoding="ascii")


def serve(listener: socket.socket, act: Callable[[int, str, str], None]) -> None:
    """Answer one connection: a line in, a line out."""
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(2.0)
        answer: dict[str, Any] = {"ok": True}
        try:
            _admit(connection)
            act(*checked(connection.makefile("rb").readline(LINE_BYTES)))
        except (OSError, ValueError) as error:
            answer = {"ok": False, "error": str(error)[:200]}
        with contextlib.suppress(OSError):
            connection.sendall(json.dumps(answer).encode() + b"\n")


def _admit(connection: socket.socket) -> None:
    """Raise PermissionError unless the asker is the desktop's user or this process's own."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    uid = struct.unpack("3i", raw)[1]
    if uid not in (DESKTOP_UID, os.getuid()):
        raise PermissionError("only the desktop's user may ask")


def listen(path: Path) -> socket.socket:
    """The listening socket at `path`, which only the desktop's user can open."""
    path.parent.mkdir(mode=0o755, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    if os.getuid() == 0:
        os.chown(path, DESKTOP_UID, DESKTOP_UID)
    listener.listen(4)
    return listener


def ask(path: Path, now_ns: int, machine_id: str, hostname: str) -> None:
    """The asker's side. Raises OSError when the service is not there, ValueError when it refuses."""
    line = json.dumps({"now_ns": now_ns, "machine_id": machine_id, "hostname": hostname})
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5.0)
        connection.connect(str(path))
        connection.sendall(line.encode() + b"\n")
        answer = json.loads(connection.makefile("rb").readline(LINE_BYTES) or b"{}")
    if not answer.get("ok"):
        raise ValueError(str(answer.get("error", "no answer")))


def main() -> None:
    """Serve for ever."""
    with listen(SOCKET) as listener:
        while True:
            serve(listener, apply)


if __name__ == "__main__":
    main()
