"""The ledger: for every pick where it came from and what was done to it, as sorted JSON lines.

Lines are ordered by id, so an answer takes a few reads however large the ledger is.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Final

from corpus.lines import line_of
from corpus.sample import Change, Licence
from corpus.select import Pick
from corpus.shards.chat import reference
from corpus.shards.shard import Place
from infra import ordered
from infra.errors import NotFound

NAME: Final = "ledger.jsonl"


def entry(pick: Pick, sequence: int, place: Place) -> dict[str, Any]:
    """What the ledger keeps of one pick."""
    sample, origin = pick.sample, pick.sample.origin
    return {
        "id": pick.key,
        "category": sample.category,
        "source": sample.source,
        "kind": sample.kind,
        "package": origin.package,
        "version": origin.version,
        "file": origin.file,
        "file_sha256": origin.file_sha256,
        **({"traits": dict(sample.traits)} if sample.traits else {}),
        "licence": licence(origin.licence),
        "changes": [_change(change) for change in sample.changes],
        "text_tokens": sample.text_tokens,
        "image_tokens": sample.image_tokens,
        "images": [reference(picture) for picture in sample.pictures],
        "epoch": pick.epoch,
        "sequence": sequence,
        "shard": place.shard,
        "offset": place.offset,
    }


def licence(value: Licence) -> dict[str, Any]:
    """A licence as plain values; a null name means that nobody stated one that a program can read."""
    stated = {"form": value.form, "name": value.name, "text": f"licences/{value.text_sha256}.txt"}
    return {**stated, "declared": value.declared} if value.declared else stated


def _change(change: Change) -> dict[str, Any]:
    return {"name": change.name, **dict(change.parameters)}


def line(pick: Pick, sequence: int, place: Place) -> bytes:
    """The pick's line, its end included."""
    return line_of(entry(pick, sequence, place))


def why(root: Path, name: str) -> dict[str, Any]:
    """The entry of that id, or of the only id that begins so. Raises NotFound or Corrupt."""
    try:
        found = list(itertools.islice(ordered.since(root / NAME, name), 2))
    except OSError as error:
        raise NotFound(f"no ledger in {root}", "run `trawl corpus build first`", name) from error
    fits = [entry for entry in found if str(entry["id"]).startswith(name)]
    if not name or not fits:
        raise NotFound(f"no sample {name!r} in {root.name}", "ids are in messages.jsonl", name)
    if len(fits) > 1 and fits[0]["id"] != name:
        raise NotFound(f"several samples begin with {name!r}", "give more of the id", name)
    return fits[0]
