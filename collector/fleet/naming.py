"""A host's name is one home's alone: of two homes with one name, each would end the other's machines.

The office outlives a controller that was killed, and its successor in the same home holds it at
once; another home gets it when it was not kept for a term, or when the host left or was forgotten.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from collector.fleet.deadlines import HOST_LOST_S, S
from infra.clock import Clock
from infra.errors import Conflict
from infra.files import publish
from infra.ids import Ids
from infra.store import Store, hosts

KEEP_EVERY_S: Final = 5.0


class NameTaken(Conflict):
    """Another home goes by this host's name."""


class Naming:
    """Holds the name of a host for the controller of one home."""

    def __init__(self, store: Store, clock: Clock, name: str, home_id: str) -> None:
        self._store, self._clock = store, clock
        self._name, self._home_id = name, home_id
        self._kept_s = float("-inf")

    def keep(self) -> None:
        """Take the name, or keep it. Raises NameTaken."""
        if self._clock.monotonic_s() - self._kept_s < KEEP_EVERY_S:
            return
        now = self._clock.now_ns()
        office, until = hosts.office_of(self._name), now + HOST_LOST_S * S
        with self._store.write() as tx:
            if hosts.hold(tx, office, self._home_id, now, until) is None:
                raise NameTaken(
                    f"another home is the host {self._name!r} of this database",
                    "set TRAWL_HOST to a name of its own",
                    self._name,
                )
        self._kept_s = self._clock.monotonic_s()


def home_id(home: Path, ids: Ids) -> str:
    """What tells this home from every other; made once."""
    path = home / "run" / "home.id"
    if not path.exists():
        publish(path, ids.new("home").encode())
    return path.read_text(encoding="utf-8")
