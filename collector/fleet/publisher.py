"""Brings this host's closed episodes to the shared storage, again and again until they are there.

The controller's loop calls `tend`, which never waits: the work is done by one thread of its own,
which puts a few objects at once. Where the storage is away that is said once by an event, counted,
and tried again ever more slowly. A storage that hangs holds that thread and its few, never more.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from collector.fleet.indexing import index, settled
from collector.fleet.publishing import StillOpen, lock_path, publish
from infra.clock import Clock, Deadline
from infra.errors import (
    Conflict,
    Corrupt,
    HostileInput,
    Interrupted,
    NotFound,
    TrawlError,
)
from infra.files import exclusive
from infra.ids import Ids
from infra.metrics import Metrics
from infra.settings import Settings
from infra.storage import Away, Storage, name_of
from infra.store import Store, events, published
from infra.store.rows import Place

EVERY_S: Final = 5.0
BACKOFF_S: Final = (5.0, 15.0, 60.0)
EPISODE_S: Final = 300.0
"""An episode that takes longer goes on at a later pass, where it ended."""
HANGS_S: Final = 60.0
"""A storage that finishes nothing for so long is said to be away."""
REFUSED: Final = (Corrupt, NotFound, Conflict, HostileInput)
Stamp = tuple[int, int]
"""A log's length and time of change."""
log = structlog.get_logger("publisher")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to: `away` says why the storage, `failed` why ourselves could not."""

    away: str = ""
    failed: str = ""


class Publisher:
    """One host's publishing; `tend` is called by one thread.

    `storage` opens the storage of that `name`; it is called once a round.
    """

    def __init__(
        self,
        home: Path,
        host: str,
        store: Store,
        metrics: Metrics,
        clock: Clock,
        ids: Ids,
        name: str,
        storage: Callable[[], Storage],
    ) -> None:
        self._home, self._host, self._store, self._metrics = home, host, store, metrics
        self._clock, self._ids, self._name, self._storage = clock, ids, name, storage
        self._there: set[str] = set()
        """Recordings that were seen in the index: they are not asked for again."""
        self._left_out: dict[str, Stamp | None] = {}
        """Open or refused recordings, by what their logs were then."""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._ended: Round | None = None
        self._moved_s = clock.monotonic_s()
        self._due_s, self._failures, self._away = self._moved_s, 0, ""

    def tend(self) -> None:
        """Begin a round where one is due, conclude one that ended, say where one hangs."""
        now_s = self._clock.monotonic_s()
        if self._thread is not None and self._thread.is_alive():
            if now_s - self._moved_s > HANGS_S:
                self._say(f"the storage has finished nothing for {HANGS_S:.0f} s")
            return
        if self._thread is not None:
            self._thread = None
            self._conclude(self._ended or Round(failed="the round did not end"))
        elif now_s >= self._due_s and not self._stop.is_set():
            self._moved_s, self._ended = now_s, None
            self._thread = threading.Thread(target=self._attempt, name="publisher", daemon=True)
            self._thread.start()

    def stop(self, within_s: float) -> None:
        """Begin no other object; wait a little for those under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(within_s)

    def round(self) -> Round:
        """Publish all that is closed and not there yet. Never raises a TrawlError."""
        try:
            with exclusive(lock_path(self._home), "publishing"):
                self._publish_all()
        except Away as error:
            return Round(away=str(error))
        except Interrupted:
            return Round()
        except TrawlError as error:
            return Round(failed=str(error))
        return Round()

    def _attempt(self) -> None:
        try:
            self._ended = self.round()
        except Exception as error:
            log.exception("publisher.failed")
            self._ended = Round(failed=f"{type(error).__name__}: {error}")

    def _publish_all(self) -> None:
        waiting = self._waiting()
        self._metrics.unpublished_episodes().set(len(waiting))
        if not waiting:
            return
        storage = self._storage()
        place = settled(self._store, storage, self._ids)
        storage.sweep()
        for name in waiting:
            if self._one(storage, place, name):
                self._metrics.unpublished_episodes().dec()

    def _waiting(self) -> list[str]:
        """Recordings of this home that are not known to be there, oldest first."""
        try:
            names = {entry.name for entry in os.scandir(self._home / "recordings")}
        except FileNotFoundError:
            return []
        stamps = {name: self._stamp(name) for name in names - self._there}
        new = [n for n, stamp in stamps.items() if stamp not in (None, self._left_out.get(n))]
        with self._store.read() as tx:
            self._there |= published.known(tx, self._name, new)
        return sorted(set(new) - self._there)

    def _one(self, storage: Storage, place: Place, name: str) -> bool:
        """Publish one and write it into the index; False where it cannot be."""
        stamp = self._stamp(name)
        deadline = Deadline.after(self._clock, EPISODE_S)
        try:
            seal = publish(self._home / "recordings" / name, storage, self._host,
                           lambda: self._going(storage, deadline))  # fmt: skip
        except StillOpen:
            self._left_out[name] = stamp
            return True
        except REFUSED as error:
            self._refuse(name, str(error))
            self._left_out[name] = stamp
            return False
        index(self._store, place, seal, self._clock.now_ns())
        self._there.add(name)
        self._metrics.publications("published").inc()
        return True

    def _going(self, storage: Storage, deadline: Deadline) -> None:
        self._moved_s = self._clock.monotonic_s()
        if self._stop.is_set():
            raise Interrupted("the controller stops")
        if deadline.is_past():
            raise Away(f"{storage.name} is too slow: an episode took {EPISODE_S:.0f} s")

    def _refuse(self, name: str, reason: str) -> None:
        self._metrics.publications("refused").inc()
        log.warning("episode.unpublishable", episode=name, reason=reason)
        with self._store.write() as tx:
            events.add(tx, self._clock.now_ns(), "episode.unpublishable", name, reason,
                       host=self._host)  # fmt: skip

    def _stamp(self, name: str) -> Stamp | None:
        try:
            found = (self._home / "recordings" / name / "log").stat()
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns

    def _conclude(self, ended: Round) -> None:
        """Say what changed, and when to try again."""
        why = ended.away or ended.failed
        pause_s = BACKOFF_S[min(self._failures, len(BACKOFF_S) - 1)] if why else EVERY_S
        self._failures = self._failures + 1 if why else 0
        self._due_s = self._clock.monotonic_s() + pause_s
        if ended.away:
            self._metrics.publications("away").inc()
        if ended.failed:
            log.warning("publisher.failed", reason=ended.failed)
        else:
            self._say(ended.away)

    def _say(self, away: str) -> None:
        """One event when the storage goes and one when it is back."""
        if bool(away) == bool(self._away):
            return
        kind = "storage.away" if away else "storage.back"
        with self._store.write() as tx:
            events.add(tx, self._clock.now_ns(), kind, self._host, away)
        log.warning(kind, reason=away)
        self._away = away


def publisher_of(
    settings: Settings, store: Store, metrics: Metrics, clock: Clock, ids: Ids
) -> Publisher | None:
    """The publisher of this host, None where the settings name no storage."""
    url = settings.storage.get_secret_value()
    if not url:
        return None
    return Publisher(settings.home, settings.host, store, metrics, clock, ids,
                     name_of(url), lambda: Storage(url, settings.host))  # fmt: skip
