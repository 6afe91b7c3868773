"""Texts that somebody keeps as JSON lines, at a path or any address: one document a line.

A record holds `text`, and may hold `id`, `language`, `topic` and `type`. Its licence is what the
recipe states; nothing of the record is believed about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from corpus.categories.base import Context
from corpus.categories.document import Document
from corpus.lines import Line, lines
from corpus.operators.language import by_line
from corpus.operators.sanity import clean
from corpus.pages.block import Block
from corpus.recipe import Source
from corpus.sample import Change, Licence, Origin
from infra.fetch import fetch
from infra.files import sha256_bytes
from infra.storage import name_of

WORD_CHARS: Final = 80
STATED: Final = "stated"


def read(name: str, source: Source, context: Context) -> Iterator[Document]:
    """Every document of the source's file; what is none is counted."""
    assert source.url is not None
    path = fetch(source.url, context.cache / "corpus" / "fetched")
    shown = name_of(source.url) if "://" in source.url else path.name
    context.progress.say(f"reading {name}")
    for line in lines(path):
        context.funnel.enter(name)
        document = None if line.fault else _document(name, source, shown, line)
        if document:
            yield document
        else:
            context.drop(name, "read", line.fault or "no text", f"{shown}:{line.number}")


def _document(name: str, source: Source, shown: str, line: Line) -> Document | None:
    text = line.record.get("text")
    blocks = [b for b in clean(text).split("\n\n") if b.strip()] if isinstance(text, str) else []
    if not blocks:
        return None
    language = _word(line.record, "language")
    letters = {language: sum(map(len, blocks))} if language else by_line(blocks)
    traits = tuple((key, _word(line.record, key)) for key in ("topic", "type"))
    return Document(
        name, _word(line.record, "id"), tuple(map(Block, blocks)), letters,
        Origin(shown, "", f"{shown}:{line.number}", line.sha256, stated(source)),
        (Change("read", (("reader", "jsonl"),)),),
        tuple((key, value) for key, value in traits if value),
    )  # fmt: skip


def stated(source: Source) -> Licence:
    """The licence that a recipe states for a source, and the words that it is kept by."""
    return Licence(STATED, source.licence, sha256_bytes(statement(source.licence).encode()))


def statement(licence: str | None) -> str:
    """The text that stands for a licence that a recipe states."""
    return f"The recipe states {licence or 'no licence'}.\n"


def _word(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return " ".join(clean(value).split())[:WORD_CHARS] if isinstance(value, str) else ""
