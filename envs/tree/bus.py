"""A session on the guest's accessibility bus: joined through the relay, told what to pass on."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from envs.tree.atspi import REGISTRY, REGISTRY_PATH
from envs.tree.batches import Call, Enquiry
from envs.tree.dbus_connection import BUS, BUS_PATH, Connection
from envs.tree.events import MATCHES, REGISTERED
from envs.tree.relay_client import Connect, Nonces, greet
from infra.clock import Deadline
from infra.errors import InfraLost


def join(connect: Connect, nonces: Nonces, deadline: Deadline) -> Connection:
    """A connection to the bus. Raises what `greet` raises."""
    stream = _reach(connect, deadline)
    try:
        uid = greet(stream, nonces, deadline)
        connection = Connection(stream)
        connection.authenticate(uid, deadline)
    except BaseException:
        stream.close()
        raise
    return connection


def _reach(connect: Connect, deadline: Deadline) -> socket.socket:
    try:
        return connect(max(0.1, deadline.left_s()))
    except OSError as error:
        raise InfraLost(f"the accessibility port does not open: {error}") from error


def subscribe(events: Sequence[str] = REGISTERED) -> Enquiry:
    """Ask the bus for the signals, and the programs to send them; caches fill from then on."""
    yield [Call(BUS, BUS_PATH, BUS, "AddMatch", "", "s", (rule,)) for rule in MATCHES]
    yield [
        Call(REGISTRY, REGISTRY_PATH, REGISTRY, "RegisterEvent", "", "sass", (event, [], ""))
        for event in events
    ]
