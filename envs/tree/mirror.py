"""The mirror: a guest's accessibility tree held on the host and kept true by its own signals.

A reading asks only for what became doubtful. Every `AUDIT_EVERY` readings, and on request,
everything is read again and compared. A program that does not answer in time keeps its last known
elements, marked stale, and is read anew once it answers. One thread owns a mirror.
"""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import replace
from typing import Final

from envs.tree import atspi, bus, hit
from envs.tree.atspi import REGISTRY, ROOT_PATH, Key
from envs.tree.audit import Audit, compare
from envs.tree.batches import Asked, Enquiries, Enquiry, Patience
from envs.tree.dbus_connection import Connection
from envs.tree.dbus_message import Message
from envs.tree.elements import elements, identify
from envs.tree.events import HEARD, WORDS, Signals, Told
from envs.tree.model import Program
from envs.tree.reading import read, refresh
from envs.tree.relay_client import Connect, Nonces
from envs.tree.remembering import packed, unpacked
from envs.tree.units import PIXELS, Units
from envs.types import Element, Tree
from infra.clock import Clock, Deadline
from infra.errors import InfraLost

AUDIT_EVERY: Final = 60
"""Readings from one audit to the next: about twenty steps, each read before and after."""
PROGRAMS: Final = 256
"""Most programs read of one guest."""
ROUNDS: Final = 3
"""Readings of those that an earlier one found to be needed: plugs in other programs."""
SUBSCRIBING: Final = Patience(silence_s=10.0, total_s=20.0)
RECENT: Final = 64
"""Windows whose order of activation is remembered."""


def random_nonce() -> str:
    """Sixteen hexadecimal digits nobody used before."""
    return secrets.token_hex(8)


class Mirror:
    """The tree of one guest. `open` before anything else; `close` when done."""

    def __init__(
        self,
        connect: Connect,
        clock: Clock,
        width: int,
        height: int,
        *,
        units: Units = PIXELS,
        nonces: Nonces = random_nonce,
        audit_every: int = AUDIT_EVERY,
    ) -> None:
        self.width = width
        self.height = height
        self.audits: list[Audit] = []
        """The audits since `open`, at most the last hundred."""
        self._units = units
        self._connect = connect
        self._clock = clock
        self._nonces = nonces
        self._audit_every = audit_every
        self._connection: Connection | None = None
        self._enquiries: Enquiries | None = None
        self._programs: dict[str, Program] = {}
        self._signals = Signals(self._programs, self._activated)
        self._hearing = [self._signals]
        self._recent: list[Key] = []
        self._since_audit = 0
        self._since_clean = 0
        self._only: set[str] = set()

    def open(self, within_s: float, remembered: bytes = b"") -> None:
        """Join the bus and subscribe. Opening again starts from nothing, or from `remember`.

        Raises DeadlineExceeded, InfraLost, HostileInput, or Unavailable where there is no bus.
        """
        self.close()
        if remembered:
            self._programs.update(unpacked(remembered))
            for program in self._programs.values():
                program.units = self._units
        deadline = Deadline.after(self._clock, within_s)
        self._connection = bus.join(self._connect, self._nonces, deadline)
        self._enquiries = Enquiries(self._connection, self._clock, self._hear)
        self._run({BUS_KEY: (bus.subscribe(), _subscribing)})

    def warm(self, within_s: float) -> None:
        """Open, read everything once, and close: programs fill their caches and keep them."""
        self.open(within_s)
        try:
            self.walk()
        finally:
            self.close()

    def tree(self, hidden: bool = False) -> Tree:
        """What shows now, asking only for what may have changed.

        With `hidden`, also what programs hold and do not show. Raises InfraLost, HostileInput.
        """
        if not self._programs or self._since_audit >= self._audit_every:
            return self._audited_tree("atspi-mirror", hidden)
        started_ns = self._clock.now_ns()
        self._read(whole=False)
        self._since_audit += 1
        self._since_clean += 1
        return self._compiled("atspi-mirror", started_ns, hidden)

    def walk(self, hidden: bool = False) -> Tree:
        """What shows now, everything asked anew; the mirror is audited by it."""
        return self._audited_tree("atspi-walk", hidden)

    def afresh(self, names: frozenset[str] = frozenset()) -> Tree:
        """What a mirror that knew nothing would read now; this one only hears what is told.

        Unlike `walk` it takes nothing over: what programs are asked once is asked again. With
        `names`, only of the programs of those names. Raises InfraLost, HostileInput.
        """
        started_ns = self._clock.now_ns()
        other = Mirror(self._connect, self._clock, self.width, self.height, units=self._units)
        other._enquiries = self._live()
        other._only = {p.bus for p in self._programs.values() if p.name in names}
        self._hearing.append(other._signals)
        try:
            other._read(whole=True)
        finally:
            self._hearing.remove(other._signals)
        return other._compiled("atspi-walk", started_ns, hidden=False)

    def hit(self, x: int, y: int) -> str | None:
        """The id of the element on top at that pixel, as its program says, or None.

        None where no program is there, where two windows may be on top, or where the program
        did not answer.
        """
        return self.hits([(x, y)])[0]

    def hits(self, points: list[tuple[int, int]]) -> list[str | None]:
        """`hit` for many pixels at the price of the deepest."""
        if not self._programs:
            self.tree()
        self._live().drain()
        found = hit.ask(self._programs, points, self._recent, self._run)
        return [identify(key) if key is not None else None for key in found]

    def heed(self) -> None:
        """Take in the signals that have come, without a question to the guest.

        Whoever keeps a mirror open and does not read it for long does this now and then: the
        relay gives up on a host that takes nothing. Raises InfraLost.
        """
        self._live().drain()

    def overhear(self) -> None:
        """From now on keep the programs' signals word for word, for `told`. Raises InfraLost."""
        self._signals.heard = deque(maxlen=HEARD)
        self._run({BUS_KEY: (bus.subscribe(WORDS), _subscribing)})

    def told(self) -> list[Told]:
        """The signals that came since it was asked last, oldest first. Raises InfraLost."""
        self.heed()
        heard = list(self._signals.heard or ())
        self._signals.heard = deque(maxlen=HEARD)
        return heard

    def stacking(self) -> tuple[str, ...]:
        """Windows by their latest activation, newest first: what a fork's mirror may be told."""
        return tuple(f"{owner} {path}" for owner, path in self._recent)

    def restack(self, order: tuple[str, ...]) -> None:
        """Take over an earlier mirror's `stacking` of the same session."""
        pairs = [entry.split(" ", 1) for entry in order[:RECENT]]
        self._recent = [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]

    def remember(self) -> bytes:
        """All that it holds, for a mirror of the same session in a fork of this machine."""
        return packed(self._programs.values())

    def close(self) -> None:
        """Leave the bus and forget the tree; closing twice is fine."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._enquiries = None
        self._programs.clear()
        self._since_audit = self._since_clean = 0

    def _live(self) -> Enquiries:
        if self._enquiries is None:
            raise InfraLost("the mirror is not open")
        return self._enquiries

    def _hear(self, message: Message) -> None:
        for signals in self._hearing:
            signals.heed(message)

    def _run(self, enquiries: dict[str, Asked]) -> set[str]:
        return self._live().run(enquiries)

    def _activated(self, window: Key) -> None:
        if window in self._recent:
            self._recent.remove(window)
        self._recent.insert(0, window)
        del self._recent[RECENT:]

    def _audited_tree(self, source: str, hidden: bool) -> Tree:
        """Read everything; where there was a mirror, compare it as it stood just before."""
        started_ns = self._clock.now_ns()
        had = bool(self._programs)
        if had:
            self._read(whole=False)
        before: list[Element] = elements(self._programs)[0] if had else []
        for program in self._programs.values():
            program.touched.clear()
        self._read(whole=True)
        notes: tuple[str, ...] = ()
        if had:
            notes = (self._note_audit(before).note(),)
        self._since_audit = 0
        tree = self._compiled(source, started_ns, hidden)
        return _with_notes(tree, notes)

    def _note_audit(self, before: list[Element]) -> Audit:
        touched = {
            identify((program.bus, path))
            for program in self._programs.values()
            for path in program.touched
        }
        audit = compare(before, elements(self._programs)[0], touched, self._since_clean)
        self.audits = [*self.audits[-99:], audit]
        self._since_clean = 0
        return audit

    def _read(self, whole: bool) -> None:
        """Bring every program up to date; late ones keep what they had, marked stale."""
        enquiries = self._live()
        enquiries.drain()
        asked: dict[str, Asked] = {BUS_KEY: (self._find_programs(), _subscribing)}
        for program in self._programs.values():
            asked[program.bus] = _enquiry(program, whole)
        late = enquiries.run(asked)
        if BUS_KEY in late:
            raise InfraLost("the accessibility registry does not answer")
        done = set(asked)
        for _round in range(ROUNDS):
            self._place_plugs()
            more = {
                program.bus: _enquiry(program, whole=False)
                for program in self._programs.values()
                if program.bus not in late and (program.bus not in done or _is_waiting(program))
            }
            if not more:
                break
            late |= enquiries.run(more)
            done |= set(more)
        for program in self._programs.values():
            program.stale = program.bus in late
            if program.stale:
                program.whole_known = False

    def _find_programs(self) -> Enquiry:
        """Which programs there are now."""
        (answer,) = yield [atspi.children((REGISTRY, ROOT_PATH))]
        if answer is None:
            return
        present = {
            ref[0] for ref in answer[0][:PROGRAMS] if ref[0].startswith(":") and atspi.as_key(ref)
        }
        present &= self._only or present
        for gone in set(self._programs) - present:
            del self._programs[gone]
            self._live().forget(gone)
        for new in sorted(present - set(self._programs)):
            self._programs[new] = Program(new, units=self._units)

    def _place_plugs(self) -> None:
        """Where a socket names an object of another program, that program shall be walked there."""
        wanted: dict[str, set[str]] = {}
        for program in self._programs.values():
            for node in program.nodes.values():
                if node.plug is not None and node.plug[0] in self._programs:
                    wanted.setdefault(node.plug[0], set()).add(node.plug[1])
        for program in self._programs.values():
            program.host_plugs(wanted.get(program.bus, set()))

    def _compiled(self, source: str, started_ns: int, hidden: bool) -> Tree:
        found, truncated = elements(self._programs, hidden)
        late = sorted(program.name for program in self._programs.values() if program.stale)
        return Tree(
            elements=tuple(found),
            source=source,
            t_start_ns=started_ns,
            t_end_ns=self._clock.now_ns(),
            truncated=truncated,
            notes=tuple(f"late: {name}" for name in late),
        )


BUS_KEY: Final = ""
"""Stands for the bus itself among the programs asked."""


def _subscribing() -> Patience:
    return SUBSCRIBING


def _enquiry(program: Program, whole: bool) -> Asked:
    if whole or not program.whole_known:
        return read(program), lambda: program.way.first
    return refresh(program), lambda: program.way.later


def _is_waiting(program: Program) -> bool:
    """Whether a plug of it was found that has not been walked."""
    return any(
        not program.nodes[path].children_known for path in program.plugs if path in program.nodes
    )


def _with_notes(tree: Tree, notes: tuple[str, ...]) -> Tree:
    return replace(tree, notes=tree.notes + notes)
