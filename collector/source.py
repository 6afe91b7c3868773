"""Where a command reads recordings: this home, another one, or a shared storage by its address."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from envs.recording import reader
from envs.recording.mirror import Mirror
from envs.recording.verify import Report, Verifier
from infra import home as homes
from infra.errors import Corrupt, HostileInput, NotFound, UsageError
from infra.files import sha256_bytes
from infra.settings import Settings
from infra.storage import Storage

CONFIGURED: Final = "storage"
"""The word for the storage that the settings name, so that no credentials are typed."""


class Home:
    """Recordings of a directory."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def directories(self) -> list[Path]:
        """The directory of every episode, oldest first."""
        return list(reader.directories(self.home))

    def find(self, episode: str) -> Path:
        """The directory of that episode. Raises NotFound with the nearest."""
        return reader.find(self.home, episode)

    def reports(self, episodes: list[str]) -> Iterator[Report]:
        """What is wrong with each of these episodes."""
        verifier = Verifier()
        for episode in episodes:
            yield verifier.verify(self.find(episode))

    def names(self) -> list[str]:
        """The id of every episode, oldest first."""
        return [directory.name for directory in self.directories()]

    def fetched(self) -> list[str]:
        """Have everything in `home`; what is wrong with that which cannot be there."""
        return []


class Shared(Home):
    """Recordings of a shared storage, through a cache of this host; its methods may raise Away."""

    def __init__(self, storage: Storage, cache: Path) -> None:
        place = cache / "storage" / sha256_bytes(storage.name.encode())[:16]
        super().__init__(homes.take(place))
        self._storage, self._cache = storage, place
        self._mirror = Mirror(storage, place)

    def directories(self) -> list[Path]:
        """The directory of every episode whose log is whole, oldest first."""
        self._mirror.logs()
        return super().directories()

    def find(self, episode: str) -> Path:
        """The directory of that episode. Raises NotFound with the nearest, Corrupt."""
        return self._mirror.log(episode)

    def names(self) -> list[str]:
        """The id of every sealed episode, oldest first."""
        return self._storage.episodes()

    def reports(self, episodes: list[str]) -> Iterator[Report]:
        """What is wrong with each of these episodes, every byte read from the storage itself."""
        for episode in episodes:
            with self._afresh() as mirror:
                yield _report(mirror, episode)

    def fetched(self) -> list[str]:
        """Have everything in `home`; what is wrong with that which cannot be there."""
        names, wrong = self._mirror.logs()
        whole = [name for name in names if name not in wrong]
        lost = [self._mirror.blobs(self.home / "recordings" / name) for name in whole]
        return [*wrong.values(), *itertools.chain.from_iterable(lost)]

    @contextmanager
    def _afresh(self) -> Iterator[Mirror]:
        with tempfile.TemporaryDirectory(prefix="verify-", dir=self._cache) as place:
            yield Mirror(self._storage, Path(place))


def source_of(place: str, settings: Settings) -> Home:
    """The recordings at `place`: empty for this home, a directory, an address, or `storage`.

    Raises NotFound where there is no such directory, UsageError where none is configured, Away.
    """
    if place == CONFIGURED:
        place = settings.storage.get_secret_value()
        if not place:
            raise UsageError("no storage is configured", "set TRAWL_STORAGE", CONFIGURED)
    if "://" in place:
        return Shared(Storage(place), settings.cache)
    home = Path(place).expanduser().absolute() if place else settings.home
    if place and not home.is_dir():
        raise NotFound(f"there is no home at {home}", "name a directory or an address", place)
    return Home(home)


def _report(mirror: Mirror, episode: str) -> Report:
    try:
        directory = mirror.log(episode)
        wrong = mirror.blobs(directory)
    except (Corrupt, HostileInput) as error:
        return Report(episode, "unreadable", 0, 0, torn=False, problems=(str(error),))
    report = Verifier().verify(directory)
    return replace(report, problems=(*wrong, *report.problems))
