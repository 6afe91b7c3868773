"""An accessibility bus that is not one: programs as data, over a socket, in a thread.

It speaks the relay's greeting and D-Bus's server side, and any answer can be replaced by a
hostile one. What the real programs do is tested on real machines; here it is what they must not
be able to do to us.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from envs.tree.atspi import BITS, ROOT_PATH
from envs.tree.dbus_marshal import align, marshal
from envs.tree.dbus_message import Decoder, Kind, Message
from envs.tree.dbus_wire import Variant
from envs.tree.roles import ATSPI

SHOWN = ("showing", "visible", "enabled", "sensitive")
P = "org.a11y.atspi."


def encode(
    kind: Kind, fields: list[tuple[int, Variant]], signature: str = "", args: Any = (), serial=7
) -> bytes:
    if signature:
        fields = [*fields, (8, Variant("g", signature))]
    body = marshal(signature, args)
    out = bytearray(struct.pack("<cBBBII", b"l", kind, 1, 1, len(body), serial))
    marshal("a(yv)", (fields,), out)
    align(out, 8)
    return bytes(out + body)


def words(states: tuple[str, ...]) -> list[int]:
    bits = 0
    for state in states:
        bits |= BITS[state]
    return [bits & 0xFFFFFFFF, bits >> 32]


@dataclass
class Thing:
    """An accessible object."""

    path: str
    role: str
    name: str = ""
    parent: str = ROOT_PATH
    states: tuple[str, ...] = SHOWN
    interfaces: tuple[str, ...] = ("Accessible", "Component")
    box: tuple[int, int, int, int] = (10, 10, 100, 20)
    text: str = ""
    value: float = 0.0
    actions: tuple[str, ...] = ()
    description: str = ""
    label: str = ""
    child_count: int | None = None
    first_child: tuple[str, str] | None = None
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class StandIn:
    """A program on the bus."""

    bus: str
    name: str
    things: list[Thing]
    toolkit: str = "gtk"
    version: str = "3.24.38"

    def __post_init__(self) -> None:
        self.things.insert(0, Thing(ROOT_PATH, "application", self.name, parent="", states=()))

    def thing(self, path: str) -> Thing | None:
        return next((thing for thing in self.things if thing.path == path), None)

    def below(self, path: str) -> list[Thing]:
        return [thing for thing in self.things if thing.parent == path]

    def entry(self, thing: Thing) -> tuple[Any, ...]:
        siblings = self.below(thing.parent)
        count = thing.child_count
        return (
            (self.bus, thing.path),
            (self.bus, ROOT_PATH),
            (self.bus, thing.parent) if thing.parent else (":1.1", ROOT_PATH),
            siblings.index(thing) if thing in siblings else -1,
            len(self.below(thing.path)) if count is None else count,
            [P + name for name in thing.interfaces],
            thing.name,
            ATSPI.index(thing.role),
            thing.description,
            words(thing.states),
        )

    def answer(self, path: str, member: str, args: tuple[Any, ...]) -> tuple[str, Any] | None:
        """Signature and values of the reply, None for an error."""
        if member == "GetItems":
            if self.toolkit == "Qt":
                return None
            entries = [self.entry(t) for t in self.things if t.attributes.get("cached") != "no"]
            return "a((so)(so)(so)iiassusau)", (entries,)
        thing = self.thing(path)
        if thing is None:
            return None
        if member == "Get":
            return self._property(thing, args)
        replies: dict[str, Callable[[], tuple[str, Any]]] = {
            "GetChildren": lambda: ("a(so)", ([(self.bus, t.path) for t in self.below(path)],)),
            "GetChildAtIndex": lambda: ("(so)", (self._child(thing, args[0]),)),
            "GetState": lambda: ("au", (words(thing.states),)),
            "GetRole": lambda: ("u", (ATSPI.index(thing.role),)),
            "GetInterfaces": lambda: ("as", ([P + name for name in thing.interfaces],)),
            "GetExtents": lambda: ("(iiii)", (thing.box,)),
            "GetText": lambda: ("s", (thing.text,)),
            "GetActions": lambda: ("a(sss)", ([(name, "", "") for name in thing.actions],)),
            "GetAttributes": lambda: ("a{ss}", (thing.attributes,)),
            "GetRelationSet": lambda: (
                "a(ua(so))",
                ([(2, [(self.bus, thing.label)])] if thing.label else [],),
            ),
            "GetAccessibleAtPoint": lambda: ("(so)", (self._at(thing, *args[:2]),)),
        }
        return replies[member]() if member in replies else None

    def _child(self, thing: Thing, index: int) -> tuple[str, str]:
        if thing.first_child is not None:
            return thing.first_child
        below = self.below(thing.path)
        return (self.bus, below[index].path) if below else ("", "/org/a11y/atspi/null")

    def _at(self, thing: Thing, x: int, y: int) -> tuple[str, str]:
        for child in self.below(thing.path):
            left, top, width, height = child.box
            if left <= x < left + width and top <= y < top + height:
                return self.bus, child.path
        return "", "/org/a11y/atspi/null"

    def _property(self, thing: Thing, args: tuple[Any, ...]) -> tuple[str, Any] | None:
        values = {
            "Name": Variant("s", thing.name),
            "Description": Variant("s", thing.description),
            "ToolkitName": Variant("s", self.toolkit),
            "Version": Variant("s", self.version),
            "CurrentValue": Variant("d", thing.value),
            "ChildCount": Variant("i", len(self.below(thing.path))),
        }
        return ("v", (values[args[1]],)) if args[1] in values else None


Hostile = Callable[[Message, tuple[Any, ...]], bytes | None]


class Bus:
    """The bus; `connect` gives the mirror its end."""

    def __init__(self, *programs: StandIn, uid: int = 1000) -> None:
        self.programs = {program.bus: program for program in programs}
        self.uid = uid
        self.mute: set[str] = set()
        self.asked: list[tuple[str, str, str]] = []
        self.properties: list[str] = []
        self.lies: dict[str, Callable[[Message], bytes | tuple[str, Any] | None]] = {}
        self._server: socket.socket | None = None
        self._held: list[tuple[str, bytes]] = []

    def connect(self, timeout_s: float) -> socket.socket:
        del timeout_s
        self._server, client = socket.socketpair()
        threading.Thread(target=self._serve, args=(self._server,), daemon=True).start()
        return client

    def emit(
        self, program: StandIn, path: str, member: str, detail="", on=0, value=None, kind="Object"
    ) -> None:
        """A signal, as programs send them."""
        interface = P + ("Cache" if kind == "Cache" else f"Event.{kind}")
        head = [(1, Variant("o", path)), (2, Variant("s", interface)), (3, Variant("s", member))]
        head.append((7, Variant("s", program.bus)))
        signature, args = "siiva{sv}", (detail, on, 0, value or Variant("i", 0), {})
        if kind == "Cache":
            signature, args = value.signature, (value.value,)
        self.push(encode(Kind.SIGNAL, head, signature, args))

    def push(self, data: bytes) -> None:
        """Send raw bytes to the mirror."""
        assert self._server is not None
        self._server.sendall(data)

    def close(self) -> None:
        """End the stream, as a guest that dies does."""
        if self._server is not None:
            self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()

    def unmute(self, bus: str) -> None:
        """Let a silent program answer what it was asked."""
        self.mute.discard(bus)
        for owner, data in self._held:
            if owner == bus:
                self.push(data)

    def _serve(self, server: socket.socket) -> None:
        try:
            rest = self._greet(server)
            decoder = Decoder()
            while True:
                for message in decoder.feed(rest):
                    self._reply(server, message)
                rest = server.recv(65536)
                if not rest:
                    return
        except OSError:
            return
        finally:
            server.close()

    def _greet(self, server: socket.socket) -> bytes:
        seen = b""
        while (hello := re.search(rb"\nTRAWL-HELLO ([0-9a-f]{16})\n", seen)) is None:
            seen += server.recv(4096)
        server.sendall(b"\nTRAWL-BUS %s %d\n" % (hello[1], self.uid))
        seen = seen[hello.end() :]
        while not seen.endswith(b"\r\n"):
            seen += server.recv(4096)
        assert seen == b"\0AUTH EXTERNAL %s\r\n" % str(self.uid).encode().hex().encode()
        server.sendall(b"OK 0123456789abcdef\r\n")
        while len(seen := server.recv(4096)) < len(b"BEGIN\r\n"):
            pass
        assert seen.startswith(b"BEGIN\r\n")
        return seen[len(b"BEGIN\r\n") :]

    def _reply(self, server: socket.socket, message: Message) -> None:
        self.asked.append((message.destination, message.path, message.member))
        answer = self._answer(message)
        head = [
            (5, Variant("u", message.serial)),
            (7, Variant("s", message.destination)),
        ]
        if isinstance(answer, bytes):
            data = answer
        elif answer is None:
            data = encode(Kind.ERROR, [*head, (4, Variant("s", "org.freedesktop.DBus.Error"))])
        else:
            data = encode(Kind.REPLY, head, *answer)
        if message.destination in self.mute:
            self._held.append((message.destination, data))
        else:
            server.sendall(data)

    def _answer(self, message: Message) -> bytes | tuple[str, Any] | None:
        if (lie := self.lies.get(message.member)) is not None:
            return lie(message)
        if message.member == "Hello":
            return "s", (":1.99",)
        if message.destination in ("org.freedesktop.DBus", "org.a11y.atspi.Registry"):
            present = [(bus, ROOT_PATH) for bus in self.programs]
            return ("a(so)", (present,)) if message.member == "GetChildren" else ("", ())
        program = self.programs.get(message.destination)
        args = message.values(message.signature) or ()
        if message.member == "Get":
            self.properties.append(args[1])
        return program.answer(message.path, message.member, args) if program else None


def reply_to(message: Message, signature: str, args: Any) -> bytes:
    """A well-formed reply, for lies that need its bytes."""
    return encode(Kind.REPLY, [(5, Variant("u", message.serial))], signature, args)
