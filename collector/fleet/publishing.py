"""One closed episode onto a shared storage: its blobs, then its log, then its seal.

Whoever dies in between leaves an episode that is not there; doing it again goes on where it ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar

from envs.recording import reader
from infra.errors import Conflict, Corrupt, NotFound
from infra.files import sha256_bytes
from infra.storage import Seal, Storage

T = TypeVar("T")
ABREAST: Final = 4
"""So many blobs are put at once."""
Going = Callable[[], None]
"""Raises where the work must end; called between two objects."""


class StillOpen(Conflict):
    """The episode has no close: it goes on, or its writer was killed."""


def publish(
    directory: Path, storage: Storage, host: str, going: Going, *, mend: bool = False
) -> Seal:
    """Have the episode in `directory` on the storage whole, and return its seal.

    One that is there already costs one question; with `mend` every byte that differs there is put
    again. Raises StillOpen, Corrupt and NotFound where the home's own copy is damaged, Conflict
    where other bytes bear its name, Away, and what `going` raises.
    """
    recording = reader.read(directory)
    if recording.close is None:
        raise StillOpen("the episode is not closed", "", directory.name)
    log = (directory / "log").read_bytes()
    names = reader.blob_names(recording)
    seal = Seal(directory.name, host, sha256_bytes(log), len(log), len(names))
    if _is_sealed(storage, seal) and not mend:
        return seal
    blobs = reader.blobs_of(directory)

    def put(sha256: str) -> None:
        storage.put_blob(sha256, blobs.get(sha256), read_back=mend)

    abreast(put, names, ABREAST, going)
    going()
    storage.put_log(seal, log)
    storage.put_seal(seal)
    return seal


def lock_path(home: Path) -> Path:
    """One process of a home publishes at a time."""
    return home / "run" / "publishing.lock"


def _is_sealed(storage: Storage, seal: Seal) -> bool:
    """Whether it is there already. Raises Conflict where another is, under its name."""
    try:
        there = storage.seal(seal.episode)
    except (NotFound, Corrupt):
        return False
    if there.log_sha256 != seal.log_sha256:
        raise Conflict(
            f"{storage.name} has another episode {seal.episode}, of host {there.host}",
            "an episode's id is used once: look at both",
            seal.episode,
        )
    return True


def abreast(act: Callable[[T], object], items: Iterable[T], threads: int, going: Going) -> None:
    """Do `act` to each item, some at once; after the first error no other is begun.

    It returns when every thread has: nothing goes on behind the caller's back. The threads do not
    keep a process from ending.
    """
    left, lock = iter(items), threading.Lock()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while not errors:
                going()
                with lock:
                    item = next(left)
                act(item)
        except StopIteration:
            return
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            errors.append(error)

    working = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()
    if errors:
        raise errors[0]
