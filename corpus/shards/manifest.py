"""The manifest: every file of a corpus with its size and hash, and the hash of itself beside it.

`verify` reads every byte: a flipped, missing or extra one anywhere, the manifest included, is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from corpus.shards.file import Written
from infra.errors import Corrupt, NotFound
from infra.files import publish, sha256_bytes, sha256_file
from infra.progress import Progress

NAME: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one file."""

    path: str
    what: str


def write(root: Path, written: Iterable[Written], about: Mapping[str, Any]) -> str:
    """Write the manifest and its seal; returns the manifest's hash, which names the corpus."""
    files = {w.path: {"bytes": w.size_bytes, "sha256": w.sha256} for w in written}
    record = {"format": FORMAT, **about, "files": dict(sorted(files.items()))}
    data = json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n"
    publish(root / NAME, data)
    sha256 = sha256_bytes(data)
    publish(root / SEAL, sha256.encode() + b"\n")
    return sha256


def read(root: Path) -> dict[str, Any]:
    """The manifest. Raises NotFound where there is no corpus, Corrupt where it was changed."""
    try:
        data = (root / NAME).read_bytes()
        seal = (root / SEAL).read_bytes()
    except OSError as error:
        raise NotFound(
            f"no corpus at {root}", "run `trawl corpus build first`", str(root)
        ) from error
    if seal != sha256_bytes(data).encode() + b"\n":
        raise Corrupt(f"the manifest of {root} was changed", "build it again", str(root))
    record: dict[str, Any] = json.loads(data)
    return record


def content(root: Path, name: str) -> bytes:
    """A file of the corpus. Raises NotFound, Corrupt where it is not what the manifest says."""
    stated = read(root)["files"].get(name)
    path = root / name
    if stated is None or not path.is_file():
        raise NotFound(f"{root} holds no {name}", "build it again", name)
    data = path.read_bytes()
    if sha256_bytes(data) != stated["sha256"]:
        raise Corrupt(f"{path} was changed", "run `trawl corpus verify`", name)
    return data


def seal(root: Path) -> str:
    """The hash of the manifest, which names the corpus."""
    return (root / SEAL).read_text(encoding="ascii").strip()


def verify(root: Path, progress: Progress) -> list[Fault]:
    """Every fault of the corpus under `root`; an empty list means that every byte is as written."""
    try:
        files: dict[str, dict[str, Any]] = read(root)["files"]
    except Corrupt as error:
        return [Fault(NAME, error.message)]
    there = {
        path.relative_to(root).as_posix(): path
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }
    extra = sorted(set(there) - set(files) - {NAME, SEAL})
    faults = [Fault(name, "is not in the manifest") for name in extra]
    for name, stated in files.items():
        path = there.get(name)
        if path is None or path.is_symlink():
            faults.append(Fault(name, "is missing"))
        elif path.stat().st_size != stated["bytes"]:
            faults.append(
                Fault(name, f"has {path.stat().st_size} bytes instead of {stated['bytes']}")
            )
        elif sha256_file(path) != stated["sha256"]:
            faults.append(Fault(name, "holds other bytes"))
        progress.advance()
    return faults
