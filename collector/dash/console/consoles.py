"""The consoles of one dashboard: who is let in with what, for how long, and what ends it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from collector.dash.access import Who, audit
from collector.dash.console.pump import Traffic
from collector.dash.console.rfb import ClientMessages
from collector.dash.console.seats import Seats
from collector.dash.console.tickets import Ticket, Tickets
from collector.dash.desk import Desk
from collector.fleet import client, hands, service
from infra.errors import Conflict, Denied, HostileInput, NotFound, TrawlError
from infra.store import machines
from infra.store.rows import Lease, Machine

CONSOLE_KINDS: Final = frozenset({"ubuntu"})
"""Kinds of machine that have a VNC server."""
IDLE_S: Final = 600.0
"""A console in which nothing happens, or with which nobody works, is closed after so long."""
WATCH_S: Final = 2.0
KEEP_S: Final = 6.0
"""The lease of whoever works is renewed so often."""
WAKE_S: Final = 75.0
REASON_BYTES: Final = 120
"""A WebSocket is closed with so many bytes of words."""
LEFT, REFUSED, HOSTILE, BUSY, LOST = 1000, 4403, 1008, 4409, 4503
"""How a console is closed: it ended, its ticket or role does not do, what it said, somebody else
has the seat or the machine, or the machine is not to be had."""
CODES: Final = {
    NotFound.kind: REFUSED, Denied.kind: REFUSED, HostileInput.kind: HOSTILE, Conflict.kind: BUSY,
}  # fmt: skip
AWAY: Final = (WebSocketDisconnect, RuntimeError)
"""What is raised where a socket is used after its viewer has left."""
Knows = Callable[[WebSocket], Who | None]


class Consoles:
    """Those that are open in this process; `knows` says whose session a socket has now."""

    def __init__(self, desk: Desk, knows: Knows) -> None:
        self._desk, self._knows = desk, knows
        self._path = client.socket_path(desk.settings)
        self._tickets, self._seats = Tickets(desk.clock), Seats()

    def ticket(self, who: Who, machine: Machine, *, control: bool) -> str:
        """What opens a console once. Raises Denied, and Conflict where the machine has none."""
        if control and not who.may("operator"):
            raise Denied(f"{who.name} is {who.role}, and working on a machine takes operator",
                         "look on, or ask an operator", who.name)  # fmt: skip
        if machine.kind not in CONSOLE_KINDS:
            raise Conflict(f"a machine of kind {machine.kind} has no console",
                           "its screen is shown", machine.name)  # fmt: skip
        return self._tickets.issue(Ticket(who.name, machine.uuid, control))

    async def serve(self, viewer: WebSocket, secret: str) -> None:
        """One console from its ticket to its end; a viewer may leave at any moment of it."""
        ticket = self._redeemed(secret)  # before the address is answered, or written to a log
        with contextlib.suppress(*AWAY):
            await viewer.accept()
        try:
            code, why = LEFT, await self._served(viewer, ticket)
        except TrawlError as error:
            code, why = CODES.get(error.kind, LOST), error.message
        with contextlib.suppress(*AWAY):
            await viewer.close(code, why.encode()[:REASON_BYTES].decode("utf-8", "ignore"))

    def _redeemed(self, secret: str) -> Ticket | NotFound:
        """What a secret lets in, or why nobody; the viewer is told once they are connected."""
        try:
            return self._tickets.redeem(secret)
        except NotFound as error:
            return error

    async def _served(self, viewer: WebSocket, ticket: Ticket | NotFound) -> str:
        if isinstance(ticket, NotFound):
            raise ticket
        self._check(viewer, ticket)
        messages = ClientMessages(may_control=ticket.control)
        with self._seats.taken(ticket):
            async with self._lease(viewer, ticket, messages) as lease:
                descriptor = await asyncio.to_thread(
                    service.ask_for_descriptor, self._path, "view", machine=ticket.machine
                )
                with socket.socket(fileno=descriptor) as screen:
                    screen.settimeout(0)
                    watch = _Watch(self, viewer, ticket, lease)
                    return await Traffic(viewer, screen, messages).run(watch.until_over)

    def _check(self, viewer: WebSocket, ticket: Ticket) -> None:
        """Raise Denied unless whoever came with a ticket is still who it was given to, and may."""
        who = self._knows(viewer)
        if who is None or who.name != ticket.who:
            raise Denied("this ticket was given to somebody else, or they have left", "sign in")
        if ticket.control and not who.may("operator"):
            raise Denied(f"{who.name} may not work on machines any more")

    @asynccontextmanager
    async def _lease(
        self, viewer: WebSocket, ticket: Ticket, messages: ClientMessages
    ) -> AsyncIterator[Lease | None]:
        """The machine's lease for whoever works on it; given back with what they did."""
        if not ticket.control:
            yield None
            return
        told = await asyncio.to_thread(
            service.ask, self._path, "take", within_s=WAKE_S,
            machine=ticket.machine, who=ticket.who,
        )  # fmt: skip
        lease = Lease(**told["lease"])
        try:
            await asyncio.to_thread(self._note, viewer.state.who, lease)
            yield lease
        finally:
            await asyncio.to_thread(self._give_back, lease, messages)

    def _note(self, who: Who, lease: Lease) -> None:
        with self._desk.store.write() as tx:
            audit.note(tx, who, "console", lease.machine, "took control",
                       at_ns=self._desk.clock.now_ns(), lease=lease.id)  # fmt: skip

    def _give_back(self, lease: Lease, messages: ClientMessages) -> None:
        with self._desk.store.write() as tx:
            hands.end(tx, lease, self._desk.clock.now_ns(), "the console was closed",
                      messages.inputs)  # fmt: skip
        client.wake(self._desk.settings)

    def keep(self, lease: Lease) -> None:
        """Renew a lease. Raises Conflict where the machine was taken away."""
        with self._desk.store.write() as tx:
            hands.keep(tx, lease, self._desk.clock.now_ns())

    def still(self, viewer: WebSocket, ticket: Ticket) -> None:
        """Raise Denied where the session or the role has ended, NotFound where the machine has."""
        self._check(viewer, ticket)
        with self._desk.store.read() as tx:
            if machines.get(tx, ticket.machine).observed == "GONE":
                raise NotFound("the machine is gone", subject=ticket.machine)


class _Watch:
    """Looks now and then whether a console may go on."""

    def __init__(
        self, consoles: Consoles, viewer: WebSocket, ticket: Ticket, lease: Lease | None
    ) -> None:
        self._consoles, self._viewer, self._ticket, self._lease = consoles, viewer, ticket, lease

    async def until_over(self, traffic: Traffic) -> str:
        """Why it is over, once it is: nothing happened for long. Raises where it may not go on."""
        idle_s = kept_s = 0.0
        before = self._activity(traffic)
        while idle_s < IDLE_S:
            await asyncio.sleep(WATCH_S)
            now = self._activity(traffic)
            idle_s, before = (idle_s + WATCH_S if now == before else 0.0), now
            kept_s += WATCH_S
            await asyncio.to_thread(self._consoles.still, self._viewer, self._ticket)
            if self._lease is not None and kept_s >= KEEP_S:
                await asyncio.to_thread(self._consoles.keep, self._lease)
                kept_s = 0.0
        return f"nothing happened for {IDLE_S / 60:.0f} minutes"

    def _activity(self, traffic: Traffic) -> int:
        """What must grow: inputs of whoever works, anything for whoever looks."""
        return traffic.inputs if self._lease is not None else traffic.moved
