"""Who sits at which machine: so many look, one works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from collector.dash.console.tickets import Ticket
from infra.errors import Conflict

CONTROLLERS: Final = 1
VIEWERS: Final = 4
"""Of one machine."""
CONSOLES: Final = 8
"""Of one person."""


class Seats:
    """The consoles that are open in this process; safe to share between threads."""

    def __init__(self) -> None:
        self._taken: list[Ticket] = []
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, ticket: Ticket) -> Iterator[None]:
        """Hold the seat that a ticket is for. Raises Conflict where none is free."""
        with self._lock:
            self._admit(ticket)
            self._taken.append(ticket)
        try:
            yield
        finally:
            with self._lock:
                self._taken.remove(ticket)

    def _admit(self, ticket: Ticket) -> None:
        alike = sum(t.machine == ticket.machine and t.control == ticket.control
                    for t in self._taken)  # fmt: skip
        if sum(t.who == ticket.who for t in self._taken) >= CONSOLES:
            raise Conflict(f"{ticket.who} has {CONSOLES} consoles open", "close one of them")
        if ticket.control and alike >= CONTROLLERS:
            raise Conflict("somebody else works on this machine", "look on, or wait")
        if not ticket.control and alike >= VIEWERS:
            raise Conflict(f"{VIEWERS} people look at this machine", "wait until one leaves")
