"""People's programs at a console: a WebSocket that speaks RFB as it likes."""

from __future__ import annotations

import contextlib
import struct

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.collector.dash.console.showing import HEIGHT, WIDTH


class Viewer:
    """A person's program at a console: speaks RFB as it likes."""

    def __init__(self, socket):
        self.socket, self.got = socket, b""
        self.size = 0, 0

    def send(self, data):
        self.socket.send(data)

    def read(self, count):
        while len(self.got) < count:
            self.got += self.socket.recv(timeout=10)
        taken, self.got = self.got[:count], self.got[count:]
        return taken

    def greet(self):
        assert self.read(12) == b"RFB 003.008\n"
        self.send(b"RFB 003.008\n")
        assert self.read(2) == b"\x01\x01"
        self.send(b"\x01")
        assert self.read(4) == b"\0\0\0\0"
        self.send(b"\x00")  # exclusive, which is not granted
        width, height, name = struct.unpack(">HH16xI", self.read(24))
        self.read(name)
        self.size = width, height
        return self

    def colour(self):
        """The one colour of a fake machine's screen, as it is now."""
        self.send(struct.pack(">BBHHHH", 3, 0, 0, 0, WIDTH, HEIGHT))
        return self.read(16 + WIDTH * HEIGHT * 4)[16]

    def closed(self):
        """How the server ended it: code and words."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                self.socket.recv(timeout=10)
        return self.socket.close_code, self.socket.close_reason


def ticket(served, machine, role="admin", control=False):
    with served.client(role) as client:
        return client.post(f"/machines/{machine.name}/console-ticket", json={"control": control})


def opened(served, address, role="admin", origin=None):
    name, value = served.session(role)
    headers = {"Cookie": f"{name}={value}"} if role else {}
    return connect(
        f"ws{served.url[4:]}{address}", origin=origin or served.url, additional_headers=headers,
        proxy=None, compression=None,
    )  # fmt: skip


@contextlib.contextmanager
def console(served, machine, role="admin", control=False):
    issued = ticket(served, machine, role, control)
    assert issued.status_code == 200, issued.text
    with opened(served, issued.json()["address"], role) as socket:
        viewer = Viewer(socket)
        yield viewer
