"""Samples of a corpus: some at a time in the order of their ids, and one with its whole lineage."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collector.views import corpus as view
from infra import ordered
from infra.errors import NotFound


def listed(
    home: Path, corpus: str, begins: str = "", after: str = "", most: int = 60
) -> dict[str, Any]:
    """Ledger entries whose ids begin so, from behind the id `after`; `next` is empty at the end."""
    root = view.root_of(home, corpus)
    found = list(itertools.islice(_entries(root, begins, after), most + 1))
    return {"rows": found[:most], "next": found[most - 1]["id"] if len(found) > most else ""}


def shown(home: Path, corpus: str, sample: str) -> dict[str, Any]:
    """A sample: what the ledger says of it, and what lies in its shard. Raises NotFound, Corrupt."""
    from corpus import ledger
    from corpus.shards.read import sample_at

    root = view.root_of(home, corpus)
    entry = ledger.why(root, sample)
    record = sample_at(root, entry["shard"], entry["offset"]).record
    return {"entry": entry, "messages": record["messages"], "images": record["images"],
            "language": record["language"], "traits": record.get("traits", {})}  # fmt: skip


def _entries(root: Path, begins: str, after: str) -> Iterator[dict[str, Any]]:
    from corpus import ledger

    try:
        for entry in ordered.since(root / ledger.NAME, max(begins, after)):
            if not entry["id"].startswith(begins):
                return
            if entry["id"] != after:
                yield entry
    except OSError as error:
        raise NotFound(f"no ledger in {root.name}", "build it again", root.name) from error
