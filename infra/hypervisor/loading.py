"""Bringing a template from disk into memory, verified, once for all its forks on this host."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import Final

from infra.errors import Conflict, Corrupt, InfraLost, NotFound, TrawlError
from infra.files import exclusive, publish, sha256_bytes
from infra.hypervisor.template import (
    MEND,
    OVERLAY,
    RAM,
    STATE,
    Note,
    Template,
    copy_sparse,
    note_of,
    prove,
    read,
)
from infra.images.image import opened

NOTES: Final = "notes.json"
LOAD_S: Final = 120.0
"""How long one process waits for another that loads the same template: it then finds it loaded."""
SOURCE: Final = "source"
"""A link beside a template's memory to where it lies on disk."""


def load(directory: Path, tmpfs: Path) -> Template:
    """The template in `directory`, its memory copied below `tmpfs` unless it is there already.

    Raises NotFound where there is none, Corrupt where a byte of it or of its image changed,
    Conflict where another process is still loading it after `LOAD_S`.
    """
    frozen, sha256 = read(directory)
    _drop_orphans(tmpfs)
    home = tmpfs / "templates" / sha256[:16]
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with exclusive(home / "lock", f"loading {directory.name}", LOAD_S):
        known = _known(home)
        expected = {directory / name: frozen.files[name] for name in (RAM, STATE, OVERLAY)}
        image = opened(Path(frozen.image_directory))
        if image.sha256 != frozen.image_sha256:
            raise Corrupt(f"{directory} was made from another {image.name}", MEND, image.name)
        expected |= {image.directory / n: sha for n, sha in image.manifest.files.items()}
        ram = home / RAM
        if not ram.exists() or known.get(str(ram)) != note_of(ram):
            _copy(directory / RAM, ram, frozen.files[RAM])
            known[str(directory / RAM)] = note_of(directory / RAM)
        notes: dict[Path, tuple[Note, str]] = {ram: (note_of(ram), frozen.files[RAM])}
        for path, digest in expected.items():
            note = note_of(path)
            if known.get(str(path)) != note:
                prove(path, digest)
            notes[path] = note, digest
        _remember(home, directory, notes)
    state = (directory / STATE).read_bytes()
    if sha256_bytes(state) != frozen.files[STATE]:
        raise Corrupt(f"{directory / STATE} was changed", MEND, STATE)
    return Template(directory, sha256, frozen, ram, state, notes)


def unload(template: Template) -> None:
    """Remove a loaded template's memory from tmpfs, unless somebody is loading it now."""
    home = template.ram.parent
    with contextlib.suppress(Conflict, OSError), exclusive(home / "lock", f"unloading {home.name}"):
        template.ram.unlink(missing_ok=True)


def _copy(durable: Path, ram: Path, expected: str) -> None:
    """The memory on tmpfs, published only where its hash is right."""
    partial = ram.with_name("ram.partial")
    try:
        if copy_sparse(durable, partial) != expected:
            raise Corrupt(f"{durable} was changed", f"delete {durable.parent}, {MEND}", RAM)
        partial.rename(ram)
    except OSError as error:
        raise InfraLost(f"no room in memory for {durable}: {error}", subject=RAM) from error
    finally:
        partial.unlink(missing_ok=True)


def _known(home: Path) -> dict[str, Note]:
    """The notes an earlier load left; none where they cannot be read."""
    try:
        stored = json.loads((home / NOTES).read_bytes())
        return {str(path): (int(a), int(b), int(c)) for path, (a, b, c) in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _remember(home: Path, directory: Path, notes: dict[Path, tuple[Note, str]]) -> None:
    source = home / SOURCE
    source.unlink(missing_ok=True)
    source.symlink_to(directory.absolute())
    stored = {str(path): note for path, (note, _) in notes.items()}
    publish(home / NOTES, json.dumps(stored).encode(), 0o600)


def _drop_orphans(tmpfs: Path) -> None:
    """Free the memory of templates that are no longer on disk; their running forks keep theirs."""
    for home in (tmpfs / "templates").glob("*"):
        source = home / SOURCE
        if not source.is_symlink():
            continue
        try:
            is_kept = read(source.readlink())[1][:16] == home.name
        except NotFound:
            is_kept = False
        except TrawlError:  # another version of this program may know what it is
            is_kept = True
        if not is_kept:
            shutil.rmtree(home, ignore_errors=True)
