"""What a place that several hosts share holds, and in which order: any address that fsspec can open.

    blobs/ab/abcdef…        immutable bytes by SHA-256, as in a home
    recordings/ID/log       an episode's log, put when all its blobs are there
    episodes/ID.json        its seal: who made it and the hash of its log, put last
    trawl-storage.json      the mark: by it a share that is not mounted is told from an empty one
    partial/HOST/           of directories only: what that host is writing, never read

An episode without a seal is not there. What is read is checked against its hash and a bound, so a
storage that changes bytes is found out. In a directory each object is written aside, synced and
renamed; elsewhere it is put whole, and its length is asked afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import fsspec
from fsspec.implementations.local import LocalFileSystem
from pydantic import Field, SecretStr, TypeAdapter, ValidationError

from infra import disk
from infra.blobs import named
from infra.errors import Corrupt, HostileInput, NotFound, TrawlError, Unavailable, UsageError
from infra.files import commit_point, publish, sha256_bytes
from infra.limits import BLOB_BYTES, LOG_BYTES, SEAL_BYTES
from infra.redaction import Redactor, secrets_in

ID: Final = r"^[a-z0-9][a-z0-9-]{0,80}$"
MARK: Final = "trawl-storage.json"
AWAY_HINT: Final = "it is tried again by itself; see its own health, and that it is mounted"


class Away(Unavailable):
    """The storage does not answer, has no room, or refuses us."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Says that an episode is there whole: its log by hash, how many blobs that one names."""

    episode: Annotated[str, Field(pattern=ID)]
    host: Annotated[str, Field(max_length=64)]
    log_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    log_bytes: Annotated[int, Field(ge=0, le=LOG_BYTES)]
    blobs: Annotated[int, Field(ge=0)]


class Storage:
    """One shared place; safe between threads.

    `writer` names the host that writes; two that write at once have different names. Raises
    UsageError for an address that is none, Away where its driver is missing or it does not answer.
    """

    def __init__(self, url: str, writer: str = "here") -> None:
        self._redact = Redactor(secrets_in({"": SecretStr(url)}) if "@" in url else ()).text
        self.name = name_of(url)
        """The address without what it is opened with."""
        self._writer = writer
        self._fs, root = self._opened(url)
        self._root = root.rstrip("/")
        self._is_directory = isinstance(self._fs, LocalFileSystem)

    def settle(self, identity: str, *, is_known: bool) -> str:
        """The identity that this storage bears; a new one gets `identity`.

        One that `is_known` must bear it already. Raises Away where it bears none or another:
        what is mounted there is not what was, or nothing is.
        """
        there = self._mark()
        if there is None and not is_known:
            self._make_root()
            self._put(MARK, json.dumps({"storage": identity}).encode())
            return identity
        if there is None or (is_known and there != identity):
            raise Away(
                f"{self.name} does not bear the mark that it had",
                "mount it again; where it was emptied on purpose, name another place",
                self.name,
            )
        return there

    def _make_root(self) -> None:
        """A directory that is new is closed to others; who may read one that is there, its owner says."""
        if self._is_directory:
            with self._told(""):
                Path(self._root).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _mark(self) -> str | None:
        try:
            return str(json.loads(self._read(MARK, SEAL_BYTES))["storage"])
        except NotFound:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise Away(f"{MARK} of {self.name} is not ours", "name another place") from error

    def put_blob(self, sha256: str, data: bytes, *, read_back: bool = False) -> bool:
        """Have that blob there; False where it was there already.

        Being there is told by its length, with `read_back` by its bytes.
        """
        return self._have(f"blobs/{named(sha256)[:2]}/{sha256}", data, read_back=read_back)

    def blob(self, sha256: str) -> bytes:
        """A blob's bytes. Raises NotFound, Corrupt where they do not hash to their name."""
        data = self._read(f"blobs/{named(sha256)[:2]}/{sha256}", BLOB_BYTES)
        return self._whole(data, sha256, f"blob {sha256}")

    def put_log(self, seal: Seal, data: bytes) -> None:
        """Have that log there; to be called when all its blobs are."""
        self._have(f"recordings/{seal.episode}/log", data, read_back=True)

    def log(self, seal: Seal) -> bytes:
        """The log that the seal is about. Raises NotFound, Corrupt where it is another."""
        data = self._read(f"recordings/{seal.episode}/log", LOG_BYTES)
        return self._whole(data, seal.log_sha256, f"the log of {seal.episode}")

    def put_seal(self, seal: Seal) -> None:
        """Say that the episode is there; to be called when its log is."""
        data = json.dumps(asdict(seal)).encode()
        self._have(f"episodes/{seal.episode}.json", data, read_back=True)

    def seal(self, episode: str) -> Seal:
        """An episode's seal. Raises NotFound, Corrupt where it is none."""
        if not _is_id(episode):
            raise NotFound(f"no episode {episode[:90]!r} on {self.name}")
        data = self._read(f"episodes/{episode}.json", SEAL_BYTES)
        try:
            seal = _SEAL.validate_json(data, strict=True)
        except ValidationError as error:
            raise Corrupt(f"the seal of {episode} is none", "publish it again", episode) from error
        if seal.episode != episode:
            raise Corrupt(f"the seal of {episode} is that of {seal.episode}", "", episode)
        return seal

    def episodes(self) -> list[str]:
        """The ids of all that are there, oldest first."""
        with self._told("episodes"):
            self._fs.invalidate_cache()
            try:
                found = self._fs.ls(self._at("episodes"), detail=False)
            except FileNotFoundError:
                return []
        stems = (str(path).rpartition("/")[2].removesuffix(".json") for path in found)
        return sorted(stem for stem in stems if _is_id(stem))

    def sweep(self) -> None:
        """Remove what this writer left half written when it died."""
        if not self._is_directory:
            return
        with self._told("partial"):
            for left in self._aside.glob("*"):
                left.unlink(missing_ok=True)

    def _opened(self, url: str) -> tuple[Any, str]:
        if "://" not in url:
            raise UsageError(f"{self.name} is no address", "such as file:///srv/trawl or s3://…")
        try:
            filesystem, root = fsspec.url_to_fs(url)
        except ImportError as error:
            raise Away(f"{self.name}: {error}", "install that driver beside trawl") from error
        except ValueError as error:
            raise UsageError(f"{self.name}: {self._redact(str(error))}") from error
        except Exception as error:
            raise self._away(error) from error
        return filesystem, str(root)

    def _have(self, path: str, data: bytes, *, read_back: bool) -> bool:
        """Put it unless it is there; True where it was put."""
        there = self._size(path) == len(data)
        if there and read_back:
            there = self._read(path, len(data)) == data
        if not there:
            self._put(path, data)
        return not there

    def _put(self, path: str, data: bytes) -> None:
        """Have `data` under that name, whole or not at all where the storage can do that."""
        with self._told(path):
            try:
                if self._is_directory:
                    self._place(Path(self._at(path)), data)
                    return
                self._pipe(self._at(path), data)
            except FileNotFoundError as error:
                raise self._away(error) from error
        commit_point()
        if self._size(path) != len(data):
            raise Away(f"{self.name} kept only a part of {path}", AWAY_HINT, self.name)

    def _place(self, path: Path, data: bytes) -> None:
        """Aside and then renamed: who looks sees nothing or all of it, after a power loss too."""
        aside = self._aside / path.name
        publish(aside, data)
        disk.make_dir(path.parent)
        disk.rename(aside, path)
        disk.sync_dir(path.parent)
        commit_point()

    def _pipe(self, path: str, data: bytes) -> None:
        try:
            self._fs.pipe_file(path, data)
        except FileNotFoundError:  # a kind that wants its directories made
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(path, data)

    def _size(self, path: str) -> int | None:
        """How long the object is there, None where there is none."""
        with self._told(path):
            self._fs.invalidate_cache()
            try:
                return int(self._fs.info(self._at(path))["size"])
            except FileNotFoundError:
                return None

    def _read(self, path: str, most_bytes: int) -> bytes:
        with self._told(path), self._fs.open(self._at(path), "rb") as source:
            data: bytes = source.read(most_bytes + 1)
        if len(data) > most_bytes:
            raise HostileInput(f"{path} of {self.name} is larger than any we write", subject=path)
        return data

    def _whole(self, data: bytes, sha256: str, what: str) -> bytes:
        if sha256_bytes(data) != sha256:
            raise Corrupt(
                f"{what} was changed on {self.name}",
                "trawl episode publish ID, on the host that made it, mends it",
                sha256,
            )
        return data

    @property
    def _aside(self) -> Path:
        return Path(self._at("partial")) / self._writer

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        """Whatever a driver raises becomes NotFound or Away."""
        try:
            yield
        except TrawlError:
            raise
        except FileNotFoundError as error:
            raise NotFound(f"no {path} on {self.name}", subject=path) from error
        except Exception as error:  # drivers raise what their libraries do
            raise self._away(error) from error

    def _away(self, error: Exception) -> Away:
        said = self._redact(f"{type(error).__name__}: {error}")
        return Away(f"{self.name} is not available: {said}", AWAY_HINT, self.name)


_SEAL: Final = TypeAdapter(Seal)


def name_of(url: str) -> str:
    """An address as anybody may see it: without user, password and query."""
    scheme, _, rest = url.partition("://")
    place = rest.partition("?")[0].partition("#")[0]
    authority, slash, path = place.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}".rstrip("/")


def _is_id(text: str) -> bool:
    return re.fullmatch(ID, text) is not None
