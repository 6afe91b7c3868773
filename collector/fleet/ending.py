"""Taking a machine out of use: its holder is refused, its process destroyed, and it is said why.

One that is kept in quarantine keeps its reason and its last screen, and nothing else.
"""

from __future__ import annotations

from collector.fleet.backends import Backends
from collector.fleet.deadlines import until_ns
from collector.fleet.judge import ENDING
from collector.fleet.last_screen import LastScreens
from infra.clock import Clock
from infra.errors import Conflict, TrawlError
from infra.store import Store, events, leases, machines
from infra.store.rows import Machine, Observed


class Endings:
    """The ways out of use; a machine that changed meanwhile is left alone until the next pass."""

    def __init__(
        self, store: Store, backends: Backends, clock: Clock, screens: LastScreens | None = None
    ) -> None:
        self._store, self._backends, self._clock = store, backends, clock
        self.screens = screens or LastScreens()

    def move(self, machine: Machine, observed: Observed, reason: str, stage: str = "") -> Machine:
        """Write a transition with its deadline. Raises Conflict."""
        now = self._clock.now_ns()
        with self._store.write() as tx:
            return machines.move(
                tx, machine, observed, reason, now,
                deadline_ns=until_ns(observed, now), stage=stage,
            )  # fmt: skip

    def lost(self, machine: Machine, reason: str) -> bool:
        """A machine that is gone or hangs: whoever drives it is refused from now on."""
        now = self._clock.now_ns()
        try:
            with self._store.write() as tx:
                gone = machines.move(
                    tx, machine, "LOST", reason, now, deadline_ns=until_ns("LOST", now)
                )
                leases.release(tx, machine.uuid, now, reason)
        except Conflict:
            return False
        return self.end(gone, reason)

    def end(self, machine: Machine, reason: str) -> bool:
        """Destroy it; True where it is gone. What cannot be destroyed is tried again."""
        try:
            if machine.observed not in ENDING:
                machine = self.move(machine, "DIRTY", reason)
            self._backends(machine.kind).destroy(machine.uuid)
            self.screens.forget(machine.uuid)
            self.move(machine, "GONE", reason)
        except (Conflict, TrawlError):
            return False
        return True

    def quarantine(self, machine: Machine, reason: str) -> None:
        """Keep its row and what it showed, so that somebody looks before more are started.

        Its process is ended by the next pass, as one that is not wanted any more. Raises Conflict.
        """
        shown = self.screens.keep(self._backends, machine)
        now = self._clock.now_ns()
        with self._store.write() as tx:
            machines.move(tx, machine, "QUARANTINED", reason, now)
            events.add(tx, now, "machine.last_screen", machine.uuid, shown)
