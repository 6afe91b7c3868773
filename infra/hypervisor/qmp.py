"""QEMU's own monitor on a unix socket: what libvirt has no call for, and what must be fast.

One client at a time; every command under a total deadline; replies are bounded. A monitor that
broke the deadline or its framing is closed and opened anew by the next command.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infra.clock import Clock, Deadline
from infra.errors import ActionRejected, DeadlineExceeded, InfraLost

REPLY_BYTES: Final = 4 * 1024 * 1024
CHUNK_BYTES: Final = 64 * 1024


class Monitor:
    """The client of one machine's monitor socket."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._buffer = b""

    def execute(
        self, command: str, arguments: Mapping[str, Any] | None = None, within_s: float = 5.0
    ) -> Any:
        """The command's return value.

        Raises ActionRejected where QEMU refused, InfraLost where it is gone, DeadlineExceeded where
        no answer came in time.
        """
        deadline = Deadline.after(self._clock, within_s)
        if not self._lock.acquire(timeout=within_s):
            raise DeadlineExceeded(f"the monitor was busy with another than {command}")
        try:
            return self._ask(command, arguments, deadline)
        except (DeadlineExceeded, InfraLost):
            self._drop()
            raise
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._buffer = None, b""

    def _ask(self, command: str, arguments: Mapping[str, Any] | None, deadline: Deadline) -> Any:
        if self._socket is None:
            self._open(deadline)
        request: dict[str, Any] = {"execute": command}
        if arguments is not None:
            request["arguments"] = dict(arguments)
        return self._exchange(request, deadline)

    def _open(self, deadline: Deadline) -> None:
        self._socket = connect(self._path, deadline)
        self._buffer = b""
        greeting = self._read(deadline)
        if "QMP" not in greeting:
            raise InfraLost(f"{self._path} is no monitor", subject=str(self._path))
        self._exchange({"execute": "qmp_capabilities"}, deadline)

    def _exchange(self, request: dict[str, Any], deadline: Deadline) -> Any:
        name = request["execute"]
        try:
            self._stream(deadline).sendall(json.dumps(request).encode() + b"\n")
        except TimeoutError as error:
            raise DeadlineExceeded(f"the monitor did not take {name}", subject=name) from error
        except OSError as error:
            raise InfraLost(f"the machine's monitor is gone: {name}", subject=name) from error
        while True:
            reply = self._read(deadline)
            if "return" in reply:
                return reply["return"]
            if "error" in reply:
                raise ActionRejected(f"QEMU refused {name}: {reply['error'].get('desc')}")

    def _read(self, deadline: Deadline) -> dict[str, Any]:
        """The next line of the monitor as a map; events too."""
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > REPLY_BYTES:
                raise InfraLost("the monitor's reply has no end", subject=str(self._path))
            try:
                data = self._stream(deadline).recv(CHUNK_BYTES)
            except TimeoutError as error:
                raise DeadlineExceeded("the monitor did not answer in time") from error
            except OSError as error:
                raise InfraLost("the machine's monitor broke") from error
            if not data:
                raise InfraLost("the machine's monitor closed", subject=str(self._path))
            self._buffer += data
        line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
        try:
            reply = json.loads(line)
        except ValueError as error:
            raise InfraLost("the monitor speaks no JSON", subject=str(self._path)) from error
        if not isinstance(reply, dict):
            raise InfraLost("the monitor's reply is no map", subject=str(self._path))
        return reply

    def _stream(self, deadline: Deadline) -> socket.socket:
        if self._socket is None:
            raise InfraLost("the monitor is closed", subject=str(self._path))
        if deadline.is_past():
            raise TimeoutError
        self._socket.settimeout(deadline.left_s())
        return self._socket


def connect(path: Path, deadline: Deadline) -> socket.socket:
    """A connection to the unix socket `path`, waiting for it to appear until the deadline."""
    while True:
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            stream.settimeout(max(deadline.left_s(), 0.001))
            stream.connect(str(path))
        except TimeoutError as error:
            stream.close()
            raise DeadlineExceeded(f"{path.name} took no connection in time") from error
        except OSError as error:
            stream.close()
            if deadline.is_past() or not path.parent.exists():
                raise InfraLost(f"nobody listens at {path}", subject=str(path)) from error
            deadline.clock.sleep(0.005)
        else:
            return stream
