"""A shared storage's episodes as a home on this host, so that whoever reads homes reads them too.

What is here was fetched by its hash and is not fetched again; what the storage does not have or
has changed is not here, and is told.
"""

from __future__ import annotations

from pathlib import Path

from envs.recording import reader
from infra.blobs import Blobs
from infra.errors import Corrupt, HostileInput, NotFound
from infra.files import publish, sha256_bytes
from infra.storage import Seal, Storage

DAMAGE = (Corrupt, NotFound, HostileInput)


class Mirror:
    """`home` holds what was fetched from `storage`; every method may raise Away."""

    def __init__(self, storage: Storage, home: Path) -> None:
        self.home = home
        self._storage = storage
        self._blobs = Blobs(home / "blobs")

    def logs(self) -> tuple[list[str], dict[str, str]]:
        """Fetch the log of every episode and drop those that are there no more.

        The ids of all, and what is wrong with those that could not be fetched.
        """
        names, wrong = self._storage.episodes(), {}
        for directory in list(reader.directories(self.home)):
            if directory.name not in names:
                _drop(directory)
        for name in names:
            try:
                self.log(name)
            except DAMAGE as error:
                _drop(self._directory(name))
                wrong[name] = str(error)
        return names, wrong

    def log(self, episode: str) -> Path:
        """Fetch an episode's log and return its directory. Raises NotFound, Corrupt."""
        try:
            seal = self._storage.seal(episode)
        except NotFound as error:
            known = self._storage.episodes()
            hint = f"see: trawl episode list --from {self._storage.name}"
            raise NotFound.among("episode", episode, known, hint) from error
        directory = self._directory(episode)
        if not _has(directory / "log", seal):
            publish(directory / "log", self._storage.log(seal))
        return directory

    def blobs(self, directory: Path) -> list[str]:
        """Fetch the blobs of an episode whose log is here; what is wrong with those that are not."""
        wrong = []
        for sha256 in reader.blob_names(reader.read(directory)):
            if self._blobs.has(sha256):
                continue
            try:
                self._blobs.put(self._storage.blob(sha256))
            except DAMAGE as error:
                wrong.append(str(error))
        return wrong

    def _directory(self, episode: str) -> Path:
        return self.home / "recordings" / episode


def _has(path: Path, seal: Seal) -> bool:
    return path.exists() and sha256_bytes(path.read_bytes()) == seal.log_sha256


def _drop(directory: Path) -> None:
    (directory / "log").unlink(missing_ok=True)
