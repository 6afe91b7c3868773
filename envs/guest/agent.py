"""The agent: answers the host's requests on one port, one at a time, each at most once.

A request is `{id, session, fence, deadline_ns, verb, args}`. The verbs are closed and carry typed
arguments, never a command or source text. A repeated id is answered from memory, an older fence,
another session or a passed deadline is refused, and bytes that are no request are skipped.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final

from envs.guest.faults import Refused
from envs.guest.port import HostGone, Port
from envs.guest.wire import AGENT_VERSION, VERBS, Bounds, Decoder, WireError, encode

Verb = Callable[[Mapping[str, Any]], dict[str, Any]]
REMEMBERED: Final = 256
"""Replies kept for repeated ids."""
REMEMBERED_BYTES: Final = 64 * 1024
"""Longer replies answer verbs that change nothing and are simply made again."""
PARTIAL_S: Final = 2.0
"""A request that stops in the middle is given up after so much silence."""
READS: Final = frozenset({"hello", "observe", "get", "health", "identity"})
"""Verbs that a passed deadline does not refuse: they repair the clock or change nothing."""


class Agent:
    """The state of one agent process: its session, the newest fence, the replies it gave."""

    def __init__(self, verbs: Mapping[str, Verb], session: str) -> None:
        self.session = session
        self.fence = 0
        self.answered = 0
        self._verbs = {**verbs, "hello": self._hello}
        self._replies: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def answer(self, request: Mapping[str, Any]) -> bytes:
        """The framed reply to one request; the same bytes again where its id was seen before."""
        key = request.get("id")
        if not isinstance(key, str) or not 0 < len(key) <= 128:
            return _reply("", error=("usage", "a request has an id of at most 128 characters"))
        digest = hashlib.sha256(repr(sorted(request.items())).encode()).hexdigest()
        if (known := self._replies.get(key)) is not None:
            if known[0] == digest:
                return known[1]
            return _reply(key, error=("usage", "this id was another request's"))
        reply = self._perform(key, request)
        self.answered += 1
        if len(reply) <= REMEMBERED_BYTES:
            self._replies[key] = (digest, reply)
            while len(self._replies) > REMEMBERED:
                self._replies.popitem(last=False)
        return reply

    def _perform(self, key: str, request: Mapping[str, Any]) -> bytes:
        try:
            verb, args = self._admit(request)
            return _reply(key, result=self._verbs[verb](args))
        except Refused as error:
            return _reply(key, error=(error.kind, str(error)))
        except WireError as error:
            return _reply(key, error=("too_long", str(error)))
        except Exception as error:  # noqa: BLE001 - one request must not end the agent
            return _reply(key, error=("failed", f"{type(error).__name__}: {error}"[:500]))

    def _admit(self, request: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The verb and arguments of a request that may be performed now. Raises Refused."""
        verb, args, fence = request.get("verb"), request.get("args"), request.get("fence")
        deadline_ns = request.get("deadline_ns")
        if verb not in VERBS or verb not in self._verbs:
            raise Refused("usage", f"no verb {str(verb)[:40]!r}")
        if not isinstance(args, dict) or type(fence) is not int or type(deadline_ns) is not int:
            raise Refused("usage", "args is a map, fence and deadline_ns are integers")
        if verb != "hello" and request.get("session") != self.session:
            raise Refused("session", "this agent was started anew; say hello")
        if fence < self.fence:
            raise Refused("fence", f"fence {fence} is older than {self.fence}")
        if verb not in READS and deadline_ns < time.time_ns():
            raise Refused("late", "its deadline had passed when it was read")
        self.fence = fence
        return str(verb), args

    def _hello(self, args: Mapping[str, Any]) -> dict[str, Any]:
        del args
        return {"version": AGENT_VERSION, "session": self.session, "fence": self.fence}

    def serve(self, port: Port) -> None:
        """Answer one host until it closes its end. Raises HostGone then."""
        decoder = Decoder(Bounds(), lenient=True)
        while True:
            data = port.read(PARTIAL_S if decoder.is_partial else None)
            if not data:
                decoder.skip()
            for request in decoder.feed(data):
                port.write(self.answer(request))


def _reply(
    key: str, result: dict[str, Any] | None = None, error: tuple[str, str] | None = None
) -> bytes:
    body: dict[str, Any] = {"id": key, "ok": error is None, "t_ns": time.time_ns()}
    if error is None:
        body["result"] = result or {}
    else:
        body["error"] = {"kind": error[0], "message": error[1]}
    return encode(body)


def main() -> None:
    """Serve the port `org.trawl.agent`, or the inherited stream of `--fd N`, for ever."""
    from envs.guest.verbs import table  # the verbs need the session; the wire does not

    agent = Agent(table(), secrets.token_hex(8))
    inherited = len(sys.argv) == 3 and sys.argv[1] == "--fd"
    port = Port(int(sys.argv[2])) if inherited else Port.named("agent")
    while True:
        port.wait_for_host()
        try:
            agent.serve(port)
        except HostGone:
            if inherited:
                os._exit(0)


if __name__ == "__main__":
    main()
