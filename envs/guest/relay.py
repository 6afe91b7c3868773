"""Copies bytes between the host and the session's accessibility bus, and understands neither.

The host asks with a line `TRAWL-HELLO <nonce>`; the relay opens a fresh connection to the bus and
answers `TRAWL-BUS <nonce> <uid>`, and from the host's first NUL byte on (it begins D-Bus's
authentication) it copies both ways. When either side ends, the bus connection is closed and the
relay waits for the next hello: so it outlives forks, new hosts and new buses.
"""

from __future__ import annotations

import os
import re
import select
import socket
import subprocess
from typing import Final

from envs.guest.port import CHUNK_BYTES, HostGone, Port

HELLO: Final = re.compile(rb"\nTRAWL-HELLO ([0-9a-f]{16})\n")
KEPT_BYTES: Final = 64
"""Longer than any hello: what is kept of a stream that is searched for one."""
ASK: Final = (
    "dbus-send",
    "--session",
    "--print-reply=literal",
    "--reply-timeout=5000",
    "--dest=org.a11y.Bus",
    "/org/a11y/bus",
    "org.a11y.Bus.GetAddress",
)


def bus_path() -> str:
    """The unix socket of this session's accessibility bus. Raises OSError where there is none."""
    try:
        reply = subprocess.run(ASK, capture_output=True, text=True, timeout=10, check=True).stdout
    except subprocess.SubprocessError as error:
        raise OSError(f"the session has no accessibility bus: {error}") from error
    found = re.search(r"unix:(path|abstract)=([^,;\s]+)", reply)
    if found is None:
        raise OSError(f"no unix address in {reply[:200]!r}")
    return found[2] if found[1] == "path" else "\0" + found[2]


class Relay:
    """One port, and at most one connection to the bus."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self._path = ""

    def connect(self) -> socket.socket:
        """A new connection to the bus, asking the session again only where the known one fails."""
        for known in (self._path, ""):
            path = known or bus_path()
            bus = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                bus.connect(path)
            except OSError:
                bus.close()
                continue
            self._path = path
            return bus
        raise OSError("the accessibility bus does not answer")

    def serve_once(self) -> None:
        """One host's session, from its hello to the end of either side. Raises HostGone."""
        bus, first = self._greet(b"")
        with bus:
            self._copy(bus, first)

    def _greet(self, seen: bytes) -> tuple[socket.socket, bytes]:
        """Answer hellos until one is followed by a NUL; the bus, and the bytes from that NUL on."""
        bus: socket.socket | None = None
        while True:
            if (found := HELLO.search(seen)) is not None:
                if bus is not None:
                    bus.close()
                seen, bus = seen[found.end() :], self._answer(found[1])
            if bus is not None and (nul := seen.find(b"\0")) >= 0:
                return bus, seen[nul:]
            try:
                seen = seen[-KEPT_BYTES:] + self.port.read(None)
            except HostGone:
                if bus is not None:
                    bus.close()
                raise

    def _answer(self, nonce: bytes) -> socket.socket | None:
        try:
            bus = self.connect()
        except OSError as error:
            words = str(error).replace("\n", " ").encode()[:200]
            self.port.write(b"\nTRAWL-ERROR %s %s\n" % (nonce, words))
            return None
        self.port.write(b"\nTRAWL-BUS %s %d\n" % (nonce, os.getuid()))
        return bus

    def _copy(self, bus: socket.socket, first: bytes) -> None:
        """Both ways until the bus ends; the port's end raises HostGone."""
        bus.sendall(first)
        poll = select.poll()
        poll.register(bus.fileno(), select.POLLIN)
        poll.register(self.port.fd, select.POLLIN)
        while True:
            for fd, _events in poll.poll():
                if fd == self.port.fd:
                    bus.sendall(self.port.read(0.0))
                elif data := bus.recv(CHUNK_BYTES):
                    self.port.write(data)
                else:
                    return


def main() -> None:
    """Serve the port `org.trawl.atspi` for ever."""
    relay = Relay(Port.named("atspi"))
    while True:
        relay.port.wait_for_host()
        try:
            relay.serve_once()
        except OSError:
            continue


if __name__ == "__main__":
    main()
