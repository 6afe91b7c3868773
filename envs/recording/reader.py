"""Recordings as read back: the exact prefix of what was written, whatever became of its writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from envs.recording import codec, framing, records
from envs.recording.types import (
    Close,
    Header,
    Intent,
    ObservationRef,
    Recording,
    Step,
)
from infra.blobs import Blobs
from infra.errors import Corrupt, NotFound, TrawlError


def directories(home: Path) -> Iterator[Path]:
    """The directory of every episode under `home`, oldest first."""
    for log in sorted((home / "recordings").glob("*/log")):
        yield log.parent


def find(home: Path, episode_id: str) -> Path:
    """The directory of that episode. Raises NotFound with the nearest id."""
    known = {path.name: path for path in directories(home)}
    if episode_id not in known:
        raise NotFound.among("episode", episode_id, known, "see: trawl episode list")
    return known[episode_id]


def blobs_of(directory: Path) -> Blobs:
    """The store that holds the blobs of the episode in `directory`."""
    return Blobs(directory.parent.parent / "blobs")


def blob_names(recording: Recording) -> list[str]:
    """The hashes of all blobs that a recording refers to, each once, in order."""
    return sorted({ref.sha256 for o in recording.observations() for ref in (o.screen, o.tree)})


def read(directory: Path) -> Recording:
    """The episode in `directory`. Raises NotFound, and Corrupt for damage that is no torn tail."""
    path, scanned = _scanned(directory)
    with _formed(path):
        recording = _replay([codec.unpack(payload) for payload in scanned.payloads])
    return replace(recording, torn=scanned.torn, lost_bytes=scanned.lost_bytes)


def glance(directory: Path) -> Recording:
    """The same with its steps left out, in a fraction of the time: its close says how many there are.

    One that has no close is read whole. Raises as `read` does.
    """
    path, scanned = _scanned(directory)
    with _formed(path):
        last = codec.unpack(scanned.payloads[-1])
        rows = scanned.payloads if last["t"] != "close" else scanned.payloads[:2]
        ends = [last] if last["t"] == "close" and len(scanned.payloads) > 2 else []
        recording = _replay([*map(codec.unpack, rows), *ends])
    return replace(recording, torn=scanned.torn, lost_bytes=scanned.lost_bytes)


def _scanned(directory: Path) -> tuple[Path, framing.Scan]:
    """The log of a directory and its frames, at least one."""
    path = directory / "log"
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NotFound(f"no recording at {path}", "see: trawl episode list") from error
    scanned = framing.scan(data)
    if not scanned.payloads:
        raise Corrupt("the log was torn before its first record", f"delete {directory}", str(path))
    return path, scanned


@contextmanager
def _formed(path: Path) -> Iterator[None]:
    """What is wrong with a record is wrong with the log at `path`."""
    try:
        yield
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise Corrupt(f"a record does not have its form: {error}", subject=str(path)) from error
    except TrawlError as error:
        raise Corrupt(error.message, subject=str(path)) from error


class _Replay:
    """Puts the records together again, in the only order they may have."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.first: ObservationRef | None = None
        self.latest: ObservationRef | None = None
        self.tried: Intent | None = None
        self.steps: list[Step] = []
        self.close: Close | None = None

    def take(self, record: records.Record) -> None:
        if self.close is not None:
            raise Corrupt("a record follows the close")
        kind = record["t"]
        if kind == "first" and self.latest is None:
            self.first = self.latest = records.observation(record)
        elif kind == "intent" and self.latest is not None and self.tried is None:
            self.tried = records.intent(record, self.latest)
        elif kind == "result" and self.tried is not None and self.tried.result is None:
            self.tried = replace(self.tried, result=records.result(record))
        elif kind == "commit" and self.tried is not None and self.tried.result is not None:
            step = records.step(record, self.tried, self.tried.result)
            self.steps.append(step)
            self.latest, self.tried = step.after, None
        elif kind == "close":
            self.close = records.close(record)
        else:
            raise Corrupt(f"a record {kind!r} stands where none may")


def _replay(rows: list[records.Record]) -> Recording:
    """The recording that the rows tell. Raises Corrupt where their order cannot be."""
    if rows[0]["t"] != "header":
        raise Corrupt("the first record is no header")
    replay = _Replay(records.header(rows[0]))
    for row in rows[1:]:
        replay.take(row)
    return Recording(replay.header, replay.first, tuple(replay.steps), replay.close, replay.tried)
