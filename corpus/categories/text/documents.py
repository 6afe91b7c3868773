"""A document between reading and making, and the worker that extracts documents from one file."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from typing import Any, Final

from corpus.categories.text import roff, sayings, sphinx
from corpus.operators.language import by_line
from corpus.operators.sanity import clean
from corpus.sample import Change, Origin
from infra.limits import SOURCE_FILE_BYTES

VERSION: Final = "extract-4"


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its blocks in reading order and its languages by letters."""

    source: str
    part: str
    blocks: tuple[str, ...]
    letters: dict[str, int]
    origin: Origin
    changes: tuple[Change, ...]


def extract(task: dict[str, Any]) -> dict[str, Any]:
    """The documents of one file: `{"documents": [[part, blocks, letters]…], "reason": why none}`."""
    data, reader = task["data"], task["reader"]
    if task["path"].endswith(".gz"):
        data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(SOURCE_FILE_BYTES + 1)
        if len(data) > SOURCE_FILE_BYTES:
            return {"documents": [], "reason": "unpacks to more than is read"}
    if reader == "fortunes":
        found = [(str(n), [clean(s)]) for n, s in enumerate(sayings.read(data))]
        return {"documents": [[p, b, by_line(b)] for p, b in found], "reason": ""}
    if reader == "roff":
        title, blocks, reason = roff.read(data)
        blocks = [f"# {title}", *blocks] if title and blocks else blocks
    else:
        title, blocks, reason = sphinx.read(data, task["path"])
    blocks = [b for b in map(clean, blocks) if b.strip()]
    return {"documents": [["", blocks, by_line(blocks)]] if blocks else [], "reason": reason}
