"""The host's end of the agent's channel: one request at a time, each under a total deadline.

An answer is believed only for a request that is still waited for; answers to older ones are
dropped and counted, answers to none of ours are hostile. When no answer comes in time, whether
the request took effect is unknown, and it is never sent again; only one that the agent refused
as late is, once, with its deadline told anew by the guest's own clock.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any, Final

from envs.guest.wire import AGENT_VERSION, Bounds, Decoder, WireError, encode
from envs.ubuntu.replies import Hello, Reply, parse
from infra import limits
from infra.clock import Clock, Deadline
from infra.errors import (
    ActionRejected,
    Conflict,
    DeadlineExceeded,
    HostileInput,
    InfraLost,
    NotFound,
    TrawlError,
    UsageError,
)
from infra.ids import Ids

CHUNK_BYTES: Final = 256 * 1024
HELLO_AGAIN_S: Final = 2.0
"""A hello without an answer is said again: the agent may not have been there yet."""
BOUNDS: Final = Bounds(size_bytes=limits.GUEST_FRAME_BYTES, depth=limits.GUEST_DEPTH)
FAULTS: Final[dict[str, type[TrawlError]]] = {
    "usage": UsageError,
    "session": InfraLost,
    "fence": Conflict,
    "late": DeadlineExceeded,
    "rejected": ActionRejected,
    "missing": NotFound,
}
Connect = Callable[[float], socket.socket]
"""Opens the stream to the guest within so many seconds."""


class Channel:
    """A connection to one agent; owned by one thread at a time."""

    def __init__(self, connect: Connect, clock: Clock, ids: Ids) -> None:
        self._connect = connect
        self._clock = clock
        self._ids = ids
        self._socket: socket.socket | None = None
        self._decoder = Decoder(BOUNDS, lenient=True)
        self._sent: set[str] = set()
        self.session = ""
        self.late_answers = 0
        self.ahead_ns = 0
        """How far the guest's clock was ahead of ours at its last answer; it may run faster."""

    def hello(self, fence: int, within_s: float) -> Hello:
        """Connect anew and meet the agent. Raises Conflict where its version is not ours."""
        deadline = Deadline.after(self._clock, within_s)
        self.close()
        self._sent.clear()
        while True:
            if self._socket is None:  # at first, and where a hello was taken only in part
                self._socket = self._connect(deadline.left_s())
                self._decoder = Decoder(BOUNDS, lenient=True)
            step = Deadline.after(self._clock, min(HELLO_AGAIN_S, deadline.left_s()))
            try:
                answer = self._ask("hello", {}, fence, step)
                break
            except DeadlineExceeded:
                if deadline.is_past():
                    raise
        self._decoder.lenient = False
        met = parse(Hello, answer)
        if met.version != AGENT_VERSION:
            raise Conflict(
                f"the image's agent is version {met.version[:40]}, this program speaks"
                f" {AGENT_VERSION}",
                "trawl image build",
            )
        self.session = met.session
        return met

    def request(
        self, verb: str, args: Mapping[str, Any], fence: int, within_s: float
    ) -> dict[str, Any]:
        """Ask once and wait for the answer.

        Raises DeadlineExceeded or InfraLost where none came (it may have happened), HostileInput
        where it broke a bound, and the error that the agent named where it refused.
        """
        return self._ask(verb, dict(args), fence, Deadline.after(self._clock, within_s))

    def close(self) -> None:
        """Close the stream; closing twice is fine."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(
        self, verb: str, args: dict[str, Any], fence: int, deadline: Deadline
    ) -> dict[str, Any]:
        reply = self._exchange(verb, args, fence, deadline)
        if reply.error is not None and reply.error.kind == "late" and not deadline.is_past():
            # Nothing was done: the guest's clock ran away from ours, and now we know how far.
            reply = self._exchange(verb, args, fence, deadline)
        if reply.ok:
            return reply.result
        fault = reply.error
        if fault is None:
            raise HostileInput("the guest refused without a reason", subject=verb)
        raise FAULTS.get(fault.kind, ActionRejected)(
            f"the guest refused {verb}: {fault.message}", subject=fault.kind
        )

    def _exchange(self, verb: str, args: dict[str, Any], fence: int, deadline: Deadline) -> Reply:
        """Send one request, its deadline by the guest's clock, and wait for its reply."""
        key = self._ids.new("rq")
        ends_ns = self._clock.now_ns() + round(deadline.left_s() * 1e9)
        frame = encode(
            {
                "id": key,
                "session": self.session,
                "fence": fence,
                "deadline_ns": ends_ns + self.ahead_ns,
                "verb": verb,
                "args": args,
            }
        )
        self._sent.add(key)
        self._send(frame, deadline, verb)
        reply = self._await(key, deadline, verb)
        self.ahead_ns = reply.t_ns - self._clock.now_ns()
        return reply

    def _send(self, frame: bytes, deadline: Deadline, verb: str) -> None:
        try:
            stream = self._stream(deadline, verb)
            stream.sendall(frame)
        except TimeoutError as error:
            self.close()  # half a frame went out; only a new connection can follow it
            raise DeadlineExceeded(f"the guest did not take {verb}", subject=verb) from error
        except OSError as error:
            raise InfraLost(f"the guest's channel closed under {verb}", subject=verb) from error

    def _await(self, key: str, deadline: Deadline, verb: str) -> Reply:
        """The reply to `key`; others are dropped or refused."""
        while True:
            try:
                data = self._stream(deadline, verb).recv(CHUNK_BYTES)
                messages = self._decoder.feed(data)
            except TimeoutError as error:
                raise DeadlineExceeded(f"no answer to {verb} in time", subject=verb) from error
            except WireError as error:
                self.close()
                raise HostileInput(f"the guest's reply to {verb}: {error}", subject=verb) from error
            except OSError as error:
                raise InfraLost(f"the guest's channel broke under {verb}", subject=verb) from error
            if not data:
                raise InfraLost(f"the guest's channel closed under {verb}", subject=verb)
            for message in messages:
                if (reply := self._believed(message, key)) is not None:
                    return reply

    def _believed(self, message: dict[str, Any], key: str) -> Reply | None:
        """`message` as the reply waited for; None for an older one or, before hello, anyone's."""
        if self._decoder.lenient and message.get("id") not in self._sent:
            return None
        reply = parse(Reply, message)
        if reply.id == key:
            self._sent.discard(key)
            return reply
        if reply.id not in self._sent:
            raise HostileInput("the guest answered what was not asked", subject=reply.id)
        self._sent.discard(reply.id)
        self.late_answers += 1
        return None

    def _stream(self, deadline: Deadline, verb: str) -> socket.socket:
        """The socket, set to give up at the deadline."""
        if self._socket is None:
            raise InfraLost(f"no channel to the guest for {verb}", "say hello first", verb)
        if deadline.is_past():
            raise TimeoutError
        self._socket.settimeout(deadline.left_s())
        return self._socket
