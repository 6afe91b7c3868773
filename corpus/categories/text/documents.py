"""The worker that extracts documents from one file."""

from __future__ import annotations

import gzip
import io
from typing import Any, Final

from corpus.categories.text import roff, sayings
from corpus.operators.language import by_line
from corpus.operators.sanity import clean
from corpus.pages import docbook, sphinx
from corpus.pages.block import Block
from corpus.pages.translated import filed_under, own
from infra.limits import SOURCE_FILE_BYTES

VERSION: Final = "extract-10"


def extract(task: dict[str, Any]) -> dict[str, Any]:
    """The documents of one file, as `[part, blocks, letters]`.

    Beside them the reason why there is none, and the texts that were left out of them.
    """
    data, reader = task["data"], task["reader"]
    if task["path"].endswith(".gz"):
        data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(SOURCE_FILE_BYTES + 1)
        if len(data) > SOURCE_FILE_BYTES:
            return {"documents": [], "reason": "unpacks to more than is read", "lost": []}
    if reader == "fortunes":
        found = [(str(n), [clean(s)]) for n, s in enumerate(sayings.read(data))]
        return {"documents": [[p, b, by_line(b)] for p, b in found], "reason": "", "lost": []}
    blocks, reason = _blocks(data, reader, task["path"])
    blocks = [b for b in map(clean, blocks) if b.strip()]
    filed = filed_under(task["path"])
    if reader == "roff" and filed is None:  # a page with its headings in two languages: as a whole
        made = [["", blocks, by_line(blocks)]] if blocks else []
        return {"documents": made, "reason": reason, "lost": []}
    kept = own([Block(b) for b in blocks], filed)
    made = [["", [b.text for b in kept.blocks], kept.letters]] if kept.blocks else []
    return {"documents": made, "reason": reason, "lost": kept.lost}


def _blocks(data: bytes, reader: str, path: str) -> tuple[list[str], str]:
    """The blocks of one page, and a reason where it is not one for us."""
    if reader == "roff":
        title, blocks, reason = roff.read(data)
        return ([f"# {title}", *blocks] if title and blocks else blocks), reason
    if reader == "docbook":
        _, found, _, reason = docbook.read(data, path)
        if any(block.pictures for block in found):
            return [], "shows pictures: a page of the category interleaved"
        return [block.text for block in found], reason
    _, blocks, reason = sphinx.read(data, path)
    return blocks, reason
