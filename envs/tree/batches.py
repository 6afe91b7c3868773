"""Asking many programs at once: each enquiry is a generator that yields calls and gets answers.

All enquiries share one connection and wait together, so the time is that of the slowest program,
not the sum. A program that stays silent too long is late: its enquiry is closed, and nothing more
is asked of it until it answers the last question it was left with.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from envs.tree.dbus_connection import Connection
from envs.tree.dbus_message import Kind, Message
from infra.clock import Clock
from infra.errors import HostileInput


class Call(NamedTuple):
    """A method call, and the signature its reply must have."""

    bus: str
    path: str
    interface: str
    member: str
    reply: str
    signature: str = ""
    args: tuple[Any, ...] = ()


Answer = tuple[Any, ...] | None
"""A reply's values; None for an error, or for a reply of another shape."""
Enquiry = Generator[Sequence[Call], list[Answer], None]
IN_FLIGHT: Final = 400
"""Questions one program has at a time: enough to keep it busy, few enough for any bus's limits."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a program may be silent, and how long it may take altogether.

    Its silence counts only while all are silent: they share the guest's processor.
    """

    silence_s: float
    total_s: float


Asked = tuple[Enquiry, Callable[[], Patience]]
"""An enquiry, and what its program's patience is by what is known of it now."""


@dataclass(slots=True)
class _Running:
    """An enquiry under way: the batch it waits for and what of it is not sent or answered."""

    enquiry: Enquiry
    patience_now: Callable[[], Patience]
    started_s: float
    batch: Sequence[Call] = ()
    answers: list[Answer] = field(default_factory=list)
    sent: int = 0
    waiting: dict[int, int] = field(default_factory=dict)

    def left_s(self, now_s: float, heard_s: float) -> float:
        """How long it may yet take to the next sign of life, or altogether."""
        patience = self.patience_now()
        return min(heard_s + patience.silence_s, self.started_s + patience.total_s) - now_s


class Enquiries:
    """Runs enquiries over one connection and remembers which programs owe an answer."""

    def __init__(
        self, connection: Connection, clock: Clock, heed: Callable[[Message], None]
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._heed = heed
        self._owed: dict[int, str] = {}
        self._owing: dict[str, int] = {}
        self._whose: dict[int, str] = {}
        self._heard_s = 0.0

    def is_late(self, bus: str) -> bool:
        """Whether that program still owes the answer to its last question."""
        return bus in self._owing

    def run(self, enquiries: Mapping[str, Asked]) -> set[str]:
        """Run all to their ends; the programs that were late, or still are.

        Signals are passed on in the order they stand in among the replies.
        """
        now_s = self._clock.monotonic_s()
        self._heard_s = now_s
        running: dict[str, _Running] = {}
        late = {bus for bus in enquiries if self.is_late(bus)}
        for bus, (enquiry, patience) in enquiries.items():
            if bus not in late:
                running[bus] = _Running(enquiry, patience, now_s)
                self._advance(bus, running, first=True)
        while running:
            now_s = self._clock.monotonic_s()
            wait_s = max(0.0, min(r.left_s(now_s, self._heard_s) for r in running.values()))
            for message in self._connection.pump(min(wait_s, 1.0)):
                self._take(message, running)
            late |= self._drop_late(running)
        return late

    def drain(self) -> None:
        """Take in what has already arrived, without waiting."""
        for _turn in range(64):
            count = 0
            for message in self._connection.pump(0.0):
                self._take(message, {})
                count += 1
            if not count and not self._connection.has_unsent:
                return

    def _take(self, message: Message, running: dict[str, _Running]) -> None:
        if message.kind == Kind.SIGNAL:
            self._heed(message)
            return
        if message.kind not in (Kind.REPLY, Kind.ERROR):
            return
        self._heard_s = self._clock.monotonic_s()
        if (debtor := self._owed.pop(message.reply_to, None)) is not None:
            self._owing.pop(debtor, None)
        bus = self._whose.pop(message.reply_to, None)
        run = running.get(bus) if bus is not None else None
        if bus is None or run is None:
            return
        place = run.waiting.pop(message.reply_to)
        run.answers[place] = _answer(message, run.batch[place].reply)
        self._ask(bus, run)
        if not run.waiting:
            self._advance(bus, running)

    def _advance(self, bus: str, running: dict[str, _Running], first: bool = False) -> None:
        """Give an enquiry its answers and send what it asks next."""
        run = running[bus]
        while True:
            try:
                run.batch = next(run.enquiry) if first else run.enquiry.send(run.answers)
            except StopIteration:
                del running[bus]
                return
            first = False
            run.answers = [None] * len(run.batch)
            run.sent = 0
            if run.batch:
                self._ask(bus, run)
                return

    def _ask(self, bus: str, run: _Running) -> None:
        while run.sent < len(run.batch) and len(run.waiting) < IN_FLIGHT:
            call = run.batch[run.sent]
            where = (call.bus, call.path, call.interface, call.member)
            serial = self._connection.send(where, call.signature, call.args)
            run.waiting[serial] = run.sent
            self._whose[serial] = bus
            run.sent += 1

    def _drop_late(self, running: dict[str, _Running]) -> set[str]:
        now_s = self._clock.monotonic_s()
        late = {bus for bus, run in running.items() if run.left_s(now_s, self._heard_s) < 0}
        for bus in late:
            run = running.pop(bus)
            run.enquiry.close()
            last = max(run.waiting)
            self._owed[last] = bus
            self._owing[bus] = last
            for serial in run.waiting:
                del self._whose[serial]
        return late

    def forget(self, bus: str) -> None:
        """That program is gone; it owes nothing."""
        self._owed.pop(self._owing.pop(bus, 0), None)


def _answer(message: Message, expected: str) -> Answer:
    """A reply's values where they have the expected shape."""
    if message.kind != Kind.REPLY:
        return None
    try:
        return message.values(expected)
    except HostileInput:
        return None
