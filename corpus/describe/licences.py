"""Which licences are in which shard, so that a shard can be given away or kept back by itself."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from corpus import ledger

NAME: Final = "licences_by_shard.json"


def by_shard(root: Path) -> dict[str, dict[str, int]]:
    """Samples by licence of every shard, from the ledger, which is read once. Raises OSError."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries(root):
        found[entry["shard"]][label(entry["licence"])] += 1
    return {shard: dict(sorted(found[shard].items())) for shard in sorted(found)}


def entries(root: Path) -> Iterator[dict[str, Any]]:
    """The ledger's entries in the order of their ids. Raises OSError."""
    with (root / ledger.NAME).open("rb") as lines:
        yield from map(json.loads, lines)


def label(licence: dict[str, Any]) -> str:
    """How a licence is called: its name, or the text that stands for it."""
    return str(licence["name"] or licence["text"])
