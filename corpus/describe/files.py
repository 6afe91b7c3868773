"""The files by which a corpus describes itself, written once its samples and statistics are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.describe import croissant, licences, page
from corpus.shards.file import Written
from infra.files import publish, sha256_bytes


def write(
    root: Path, name: str, stats: Mapping[str, Any], written: Sequence[Written]
) -> list[Written]:
    """Licences by shard, Croissant, the page. `written` is every file so far. Raises OSError."""
    made = {
        licences.NAME: _json(licences.by_shard(root)),
        croissant.NAME: _json(croissant.record(name, stats, written)),
        page.NAME: page.html(name, stats).encode("utf-8", "replace"),
    }
    for path, data in made.items():
        publish(root / path, data)
    return [Written(path, len(data), sha256_bytes(data)) for path, data in made.items()]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
