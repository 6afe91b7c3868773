"""A template on disk: a frozen, running machine, whole or refused.

`template.json` holds the hash of memory, device state and overlay. Loading copies the memory into
tmpfs, hashing it on the way, and notes inode, change time and size of every file; a fork compares
these notes only, and hashes again just the files where they differ.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from infra.errors import Corrupt, NotFound
from infra.files import publish, sha256_bytes, sha256_file
from infra.hypervisor.shape import Shape

MANIFEST: Final = "template.json"
FORMAT: Final = 1
RAM, STATE, OVERLAY = "ram", "state", "overlay.qcow2"
CHUNK_BYTES: Final = 4 << 20
MEND: Final = "trawl image warm"
Note = tuple[int, int, int]
"""Inode, change time and size: while these are the same, nobody wrote."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What `template.json` says."""

    image: str
    image_sha256: str
    image_directory: str
    shape: Shape
    files: dict[str, str]
    frozen_ns: int
    parent: str = ""
    """The template that this one was forked from, where it was."""
    about: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """The manifest as it is stored."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def parse(cls, data: bytes, subject: str) -> Frozen:
        """What `data` says. Raises Corrupt."""
        try:
            values = json.loads(data)
            frozen = cls(**{**values, "shape": Shape(**values["shape"])})
        except (ValueError, TypeError, KeyError) as error:
            raise Corrupt(f"{subject} is no template", MEND, subject) from error
        if frozen.format != FORMAT or set(frozen.files) != {RAM, STATE, OVERLAY}:
            raise Corrupt(f"{subject} is of another format", MEND, subject)
        return frozen


@dataclass(slots=True)
class Template:
    """A loaded template: its memory lies in tmpfs, its device state in ours."""

    directory: Path
    sha256: str
    frozen: Frozen
    ram: Path
    """The verified copy of its memory, on tmpfs."""
    state: bytes
    notes: dict[Path, tuple[Note, str]]
    """Every file a fork reads, as it was when its hash was last found right."""

    @property
    def name(self) -> str:
        """The image and the first digits of the template's hash."""
        return f"{self.frozen.image}-{self.sha256[:12]}"

    @property
    def shape(self) -> Shape:
        """The hardware of the template and of its forks."""
        return self.frozen.shape

    @property
    def overlay(self) -> Path:
        """The disk that a fork's overlay lies upon."""
        return self.directory / OVERLAY

    def check(self) -> None:
        """Raise Corrupt where a file that a fork reads is not what was verified."""
        for path, (note, sha256) in self.notes.items():
            if (now := note_of(path)) != note:
                prove(path, sha256)
                self.notes[path] = now, sha256


def read(directory: Path) -> tuple[Frozen, str]:
    """What the template in `directory` says it is, and the hash of that. Raises NotFound."""
    path = directory / MANIFEST
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"no template in {directory}", MEND, str(directory)) from error
    return Frozen.parse(data, str(path)), sha256_bytes(data)


def save(directory: Path, frozen: Frozen) -> None:
    """Write the manifest; from then on the directory is a template."""
    publish(directory / MANIFEST, frozen.as_bytes(), 0o600)


def note_of(path: Path) -> Note:
    """The note of a file now. Raises Corrupt where it is gone."""
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise Corrupt(f"{path} is missing", MEND, str(path)) from error
    return status.st_ino, status.st_ctime_ns, status.st_size


def prove(path: Path, sha256: str) -> None:
    """Raise Corrupt unless the file's content has that hash."""
    if not path.is_file():
        raise Corrupt(f"{path} is missing", MEND, str(path))
    if sha256_file(path) != sha256:
        raise Corrupt(f"{path} was changed", f"delete {path.parent} and run `{MEND}`", str(path))


def copy_sparse(source: Path, target: Path) -> str:
    """Copy a file without its holes, at once hashing all of it; the SHA-256 of the content."""
    digest = hashlib.sha256()
    zeros = bytes(CHUNK_BYTES)
    with source.open("rb") as reading, target.open("wb") as writing:
        os.fchmod(writing.fileno(), 0o600)
        size = os.fstat(reading.fileno()).st_size
        for offset, length, is_data in _extents(reading.fileno(), size):
            reading.seek(offset)
            for start in range(0, length, CHUNK_BYTES):
                count = min(CHUNK_BYTES, length - start)
                if not is_data:
                    digest.update(zeros[:count])
                    continue
                data = reading.read(count)
                digest.update(data)
                if data != zeros[: len(data)]:
                    writing.seek(offset + start)
                    writing.write(data)
        writing.truncate(size)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def copy_quickly(source: Path, target: Path) -> None:
    """Copy a file without its holes, inside the kernel; nothing is hashed or synced."""
    with source.open("rb") as reading, target.open("wb") as writing:
        os.fchmod(writing.fileno(), 0o600)
        size = os.fstat(reading.fileno()).st_size
        for offset, length, is_data in _extents(reading.fileno(), size):
            at, end = offset, offset + length if is_data else offset
            os.lseek(writing.fileno(), offset, os.SEEK_SET)
            while at < end:
                at += os.sendfile(writing.fileno(), reading.fileno(), at, end - at)
        os.ftruncate(writing.fileno(), size)


def _extents(fd: int, size: int) -> Iterator[tuple[int, int, bool]]:
    """The file's stretches of data and of holes, in order."""
    offset = 0
    while offset < size:
        try:
            data = os.lseek(fd, offset, os.SEEK_DATA)
        except OSError:  # no data after this
            data = size
        if data > offset:
            yield offset, data - offset, False
        if data < size:
            hole = os.lseek(fd, data, os.SEEK_HOLE)
            yield data, hole - data, True
            offset = hole
        else:
            offset = size
