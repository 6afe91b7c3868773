"""A machine to look at without a hypervisor: a small RFB server that hears what reaches it.

Its screen is one colour, which a key changes; the controller's socket before it is the real one.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from collector.dash.desk import Desk
from collector.fleet import service
from collector.fleet.backends import Backends
from collector.fleet.hands import Hands
from envs.fake import FakeEnv, Faults
from infra.clock import SystemClock
from infra.errors import InfraLost
from infra.store.rows import Machine
from tests.collector.dash.answering import answering

WIDTH, HEIGHT = 64, 48
GREETING = ((b"RFB 003.008\n", b"RFB 003.008\n"), (b"\x01\x01", b"\x01"), (bytes(4), b"\x01"))
"""What is said, and what must be answered: no password, and everybody shares."""
LENGTHS = {0: 20, 3: 10, 4: 8, 5: 6, 255: 12}


class Screen:
    """One machine's VNC server: RFB 3.8 without a password, raw pixels, no more than is asked."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.colour = 0x20
        self.viewers: list[socket.socket] = []

    def view(self) -> int:
        """A descriptor of a new viewer's connection."""
        mine, theirs = socket.socketpair()
        self.viewers.append(mine)
        threading.Thread(target=self._serve, args=(mine,), daemon=True).start()
        return theirs.detach()

    def close(self) -> None:
        """The machine is gone."""
        for viewer in self.viewers:
            viewer.close() if viewer.fileno() < 0 else viewer.shutdown(socket.SHUT_RDWR)

    def kinds(self) -> list[int]:
        """The messages that reached it after the greeting."""
        return [message[0] for message in self.heard]

    def _serve(self, viewer: socket.socket) -> None:
        with viewer, viewer.makefile("rb") as said, contextlib.suppress(OSError):
            for greeting, wanted in GREETING:
                viewer.sendall(greeting)
                if said.read(len(wanted)) != wanted:
                    return
            pixels = struct.pack(">BBBBHHHBBBxxx", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
            viewer.sendall(
                struct.pack(">HH", WIDTH, HEIGHT) + pixels + struct.pack(">I", 4) + b"test"
            )
            while kind := said.read(1):
                self._hear(viewer, kind + said.read(self._left(kind[0], said)))

    @staticmethod
    def _left(kind: int, said: Any) -> int:
        start = said.peek(7)
        if kind == 2:
            return 3 + 4 * int.from_bytes(start[1:3], "big")
        if kind == 6:
            return 7 + int.from_bytes(start[3:7], "big")
        return LENGTHS[kind] - 1

    def _hear(self, viewer: socket.socket, message: bytes) -> None:
        self.heard.append(message)
        if message[0] in (4, 255):
            self.colour ^= 0xC0
        if message[0] == 3:
            head = struct.pack(">BxHHHHHi", 0, 1, 0, 0, WIDTH, HEIGHT, 0)
            time.sleep(0.02)
            viewer.sendall(head + bytes([self.colour, self.colour, 0x40, 0]) * (WIDTH * HEIGHT))


class Screened:
    """A backend whose machines have a console and wake at once, unless told otherwise."""

    def __init__(self) -> None:
        self.screens: dict[str, Screen] = {}
        self.wakes = True

    def wake(self, machine: Machine, fence: int) -> FakeEnv:
        """A machine that answers."""
        if not self.wakes:
            raise InfraLost(f"{machine.name} does not answer", subject=machine.uuid)
        return FakeEnv(0, 64, 48, Faults(), SystemClock())

    def view(self, uuid: str) -> int:
        """A descriptor of its screen; made on first look."""
        return self.screens.setdefault(uuid, Screen()).view()

    def close(self) -> None:
        """End them."""
        for screen in self.screens.values():
            screen.close()


@contextmanager
def controlling(desk: Desk, host: str = "here") -> Iterator[Screened]:
    """A controller's socket at the desk's home, over machines of this kind."""
    backend = Screened()
    hands = Hands(desk.store, Backends(lambda _: backend), desk.clock, desk.ids, host)  # type: ignore[arg-type,return-value]

    def view(asked: dict[str, Any]) -> service.Handed:
        return service.Handed(backend.view(asked["machine"]))

    def take(asked: dict[str, Any]) -> dict[str, Any]:
        return {"lease": _fields(hands.take(asked["machine"], asked["who"]))}

    try:
        with answering(desk, view=view, take=take):
            yield backend
    finally:
        backend.close()


def _fields(lease: Any) -> dict[str, Any]:
    return {name: getattr(lease, name) for name in lease.__slots__}
