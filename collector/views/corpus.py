"""Corpora: what they hold, what a build would take, and where a sample came from.

A corpus is told by the files that it describes itself with, which grow with its sources and shards
and not with its samples; a sample is found by the ledger's order and the shards' offsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.errors import Corrupt, NotFound

if TYPE_CHECKING:
    from corpus.build import Built, Prepared
    from corpus.shards.manifest import Fault
    from corpus.shelf.store import Package


def names(home: Path) -> list[str]:
    """The corpora under a home."""
    return sorted(path.parent.name for path in (home / "corpora").glob("[!.]*/stats.json"))


def root_of(home: Path, name: str) -> Path:
    """The directory of that corpus. Raises NotFound with the nearest name."""
    known = names(home)
    if name not in known:
        raise NotFound.among("corpus", name, known, "trawl corpus build first")
    return home / "corpora" / name


def package(one: Package) -> dict[str, Any]:
    """A package of the open shelf."""
    return {
        "package": one.name,
        "version": one.version,
        "deb_sha256": one.deb_sha256,
        "files": len(one.files),
        "bytes": sum(file.size_bytes for file in one.files),
        "licences": sorted({s.licence for s in one.copyright.stanzas}),
        "licence_text_sha256": one.copyright.text_sha256,
        "directory": str(one.directory),
    }


def planned(made: Prepared) -> dict[str, Any]:
    """What a build would take from each source, and the room it needs."""
    return {**made.plan.as_record(), "samples": len(made.order), "disk_bytes": made.need_bytes}


def built(made: Built) -> dict[str, Any]:
    """A finished corpus: its statistics without the funnel's examples."""
    brief = {key: value for key, value in made.stats.items() if key != "funnel"}
    return {"corpus": str(made.root), "sha256": made.sha256, **brief}


def compared(corpora: Path, old: str, new: str) -> dict[str, Any]:
    """What distinguishes two corpora. Raises NotFound, Corrupt."""
    from corpus.describe import diff

    rows = diff.diff(corpora / old, corpora / new)
    return {"old": old, "new": new, "rows": [asdict(row) for row in rows]}


def differing(name: str, faults: Sequence[Fault]) -> Corrupt:
    """The error that says which files of a corpus are not as they were written."""
    first = faults[0]
    said = f"{len(faults)} files of {name} differ, the first: {first.path} {first.what}"
    return Corrupt(said, "build it again", first.path)


def whole(root: Path) -> dict[str, Any]:
    """A corpus in which every byte was found as it was written. Raises NotFound, Corrupt."""
    from corpus.shards import manifest

    files = manifest.read(root)["files"]
    size_bytes = sum(file["bytes"] for file in files.values())
    return {"corpus": str(root), "files": len(files), "bytes": size_bytes, "faults": []}
