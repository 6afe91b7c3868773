"""Tickets to a console: one use, half a minute, for one person and one machine.

A browser cannot say a word of its own when it opens a WebSocket but the address, and addresses are
written into logs: so what stands in it is worth nothing a moment later.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass
from typing import Final

from infra.clock import Clock, Deadline
from infra.errors import Conflict, NotFound

LIVE_S: Final = 30.0
MOST: Final = 256
"""So many tickets may be out at once."""
EACH: Final = 8
"""One person's: with the next their oldest is worth nothing, so that nobody keeps others out."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What it lets in: who, to which machine, and whether to work on it."""

    who: str
    machine: str
    control: bool


class Tickets:
    """Those that are out; safe to share between threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._out: dict[bytes, tuple[Ticket, Deadline]] = {}
        self._lock = threading.Lock()

    def issue(self, ticket: Ticket) -> str:
        """The secret that redeems it once. Raises Conflict where too many are out."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._out = {k: v for k, v in self._out.items() if not v[1].is_past()}
            theirs = [k for k, (other, _) in self._out.items() if other.who == ticket.who]
            for key in theirs[: max(0, len(theirs) + 1 - EACH)]:
                del self._out[key]
            if len(self._out) >= MOST:
                raise Conflict("too many consoles are being opened", "wait half a minute")
            self._out[_key(secret)] = ticket, Deadline.after(self._clock, LIVE_S)
        return secret

    def redeem(self, secret: str) -> Ticket:
        """What it lets in, once. Raises NotFound where it was used, is too old, or never was."""
        with self._lock:
            ticket, until = self._out.pop(_key(secret), (None, None))
        if ticket is None or until is None or until.is_past():
            raise NotFound("this ticket was used or is too old", "open the console again")
        return ticket


def _key(secret: str) -> bytes:
    """Kept in place of the secret: what is in memory opens nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
