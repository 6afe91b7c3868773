"""Which documents keep the rules of quality that a recipe asks for, and which of their lines do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.categories.base import Context
from corpus.categories.document import Document
from corpus.operators.quality import c4, gopher, repetition
from corpus.operators.quality.words import tokens
from corpus.pages.block import Block
from corpus.sample import Change


def of_quality(items: Iterable[Document], context: Context) -> Iterator[Document]:
    """Documents that keep the rules asked for, and of their lines those that do.

    The rules are for English: of others only repeated lines and paragraphs are looked at.
    """
    wanted = context.operators.quality
    for document in items:
        english = document.language == "en"
        text = "\n".join(document.texts)
        reason = _gopher(text, english) if "gopher" in wanted else ""
        if reason:
            context.drop(document.source, "gopher", reason, document.subject)
        elif english and "c4" in wanted:
            yield from _of_lines(document, text, context)
        else:
            yield document


def _gopher(text: str, english: bool) -> str:
    if not english:
        return repetition.fault_of_lines(text)
    found = tokens(text)
    return gopher.fault(text, found) or repetition.fault(text, found)


def _of_lines(document: Document, text: str, context: Context) -> Iterator[Document]:
    """The document with the lines that C4 keeps, where it keeps the page."""
    kept, reason = c4.kept_lines(text)
    if reason:
        context.drop(document.source, "c4", reason, document.subject)
        return
    blocks, number = [], 0
    for block in document.blocks:
        lines = len((block.text + "\n").splitlines())
        left = [kept[n] for n in range(number, number + lines) if n in kept]
        blocks += [Block("\n".join(left))] if left else []
        number += lines
    change = Change("keep lines", (("rules", "c4"), ("dropped_lines", number - len(kept))))
    changes = (*document.changes, change) if number > len(kept) else document.changes
    yield replace(document, blocks=tuple(blocks), changes=changes)
