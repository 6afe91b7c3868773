"""Reaching the guest's accessibility bus: the hello to the relay, and the user its bus expects.

A hello can be lost while the guest wakes, so it is repeated; each carries its own nonce, and what
an earlier one was answered is skipped.
"""

from __future__ import annotations

import re
import select
import socket
from collections.abc import Callable
from typing import Final

from infra.clock import Deadline
from infra.errors import DeadlineExceeded, HostileInput, InfraLost, Unavailable

Connect = Callable[[float], socket.socket]
Nonces = Callable[[], str]
"""A source of fresh names of sixteen hexadecimal digits."""
PATIENCE_S: Final = 3.0
"""A hello that is not answered in this time is said again."""
ANSWER_BYTES: Final = 64 * 1024
"""Most that is read before the answer: the rest of an earlier host's conversation."""
CHUNK_BYTES: Final = 4096


def greet(stream: socket.socket, nonces: Nonces, deadline: Deadline) -> int:
    """Say hello until the relay answers; the user id it runs as.

    Raises DeadlineExceeded, HostileInput for an answer that is none, InfraLost where the stream
    ends, and Unavailable where the guest has no accessibility bus.
    """
    while not deadline.is_past():
        nonce = nonces()
        stream.settimeout(max(0.05, deadline.left_s()))
        _send(stream, f"\nTRAWL-HELLO {nonce}\n".encode())
        answer = _answer(stream, nonce.encode(), min(PATIENCE_S, deadline.left_s()))
        if answer is not None:
            return answer
    raise DeadlineExceeded("the guest's accessibility relay does not answer")


def _send(stream: socket.socket, data: bytes) -> None:
    try:
        stream.sendall(data)
    except TimeoutError as error:
        raise DeadlineExceeded("the guest's accessibility relay takes no bytes") from error
    except OSError as error:
        raise InfraLost(f"the way to the accessibility relay is closed: {error}") from error


def _answer(stream: socket.socket, nonce: bytes, within_s: float) -> int | None:
    """The uid in the answer to `nonce`, None where none came in time."""
    bus = re.compile(rb"\nTRAWL-BUS %s (\d{1,10})\n" % nonce)
    none = re.compile(rb"\nTRAWL-ERROR %s ([^\n]{0,200})\n" % nonce)
    poll = select.poll()
    poll.register(stream.fileno(), select.POLLIN)
    seen = b""
    while poll.poll(within_s * 1000):
        seen += _read(stream)
        if (found := bus.search(seen)) is not None:
            return int(found[1])
        if (failed := none.search(seen)) is not None:
            words = failed[1].decode("utf-8", "replace")
            raise Unavailable(f"the guest has no accessibility bus: {words}")
        if len(seen) > ANSWER_BYTES:
            raise HostileInput("the accessibility relay answers something else")
    return None


def _read(stream: socket.socket) -> bytes:
    try:
        data = stream.recv(CHUNK_BYTES)
    except OSError as error:
        raise InfraLost(f"the way to the accessibility relay is closed: {error}") from error
    if not data:
        raise InfraLost("the way to the accessibility relay is closed")
    return data
