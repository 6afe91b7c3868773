"""Plain text: documentation, manual pages, sayings and poems, each document a sample or several.

A long document is cut at its headings and paragraphs, never inside one, to fit the context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from corpus.cache import hash_of
from corpus.categories.base import Context, of_packages
from corpus.categories.gate import pass_sound
from corpus.categories.text import records, screening
from corpus.categories.text.cut import pieces
from corpus.categories.text.documents import VERSION, Document, extract
from corpus.operators import evaluation, exact, sanity, worth
from corpus.operators.language import main_language
from corpus.pages.block import (
    PARAGRAPH_CHARS,
    Block,
    is_paragraph,
    without_empty_headings,
)
from corpus.pages.translated import filed_under
from corpus.recipe import Source
from corpus.sample import Change, Sample, Turn, sample_id
from corpus.shelf import Inputs, Package, ShelfFile
from infra import workers
from infra.fetch import fetch

OPERATORS: Final = ("near_duplicates", "quality", "personal", "decontaminate")
READERS: Final = ("sphinx", "docbook", "roff", "fortunes", "jsonl")
PLACES: Final = {
    "sphinx": ("usr/share/doc/", (".html",)),
    "docbook": ("usr/share/", (".html",)),
    "roff": ("usr/share/man/zh_CN/", (".gz",)),
    "fortunes": ("usr/share/games/fortunes/", ("",)),
}
PARTS: Final = {"tutorial": "tutorial", "howto": "guide", "whatsnew": "news", "faq": "questions"}
FILE_S: Final = 60.0
SHORTEST: Final = {"sphinx": 400, "docbook": 400, "roff": 200, "fortunes": 20, "jsonl": 1}
TYPES: Final = {
    "sphinx": "reference",
    "docbook": "manual",
    "roff": "manual page",
    "fortunes": "saying",
}
CHINESE: Final = frozenset(("roff", "fortunes"))
__all__ = [
    "OPERATORS",
    "READERS",
    "dedup",
    "extract",
    "filter",
    "inputs",
    "make",
    "read",
    "validate",
]


def inputs(context: Context) -> Iterator[str]:
    """The packages' hashes, those of files elsewhere and of evaluation sets."""
    yield from of_packages(context)
    for source in context.sources.values():
        if source.url:
            yield hash_of(fetch(source.url, context.cache / "corpus" / "fetched"), context.cache)
    yield from evaluation.hashes(context.operators.decontaminate)


def read(context: Context) -> Iterator[Document]:
    """Every document of every source."""
    for name, source in context.sources.items():
        if source.reader == "jsonl":
            yield from records.read(name, source, context)
            continue
        package = context.shelf.find(source.package or "")
        prefix, suffixes = PLACES[source.reader]
        under = package.under(source.below or prefix, suffixes)
        files = [f for f in under if not f.path.endswith((".dat", ".u8"))]
        if source.reader == "sphinx":
            files = [f for f in files if "/html/" in f.path and "/_static/" not in f.path]
        yield from _extracted(name, source, package, files, context)


def _extracted(
    name: str, source: Source, package: Package, files: list[ShelfFile], context: Context
) -> Iterator[Document]:
    """Documents of one source's files: kept results first, workers for the rest, in file order."""
    results = context.results(f"{VERSION}:{source.reader}")
    keys = {file.path: f"{file.sha256}:{filed_under(file.path)}" for file in files}
    kept: dict[str, Any] = {file.path: results.get(keys[file.path]) for file in files}
    missing = [file for file in files if kept[file.path] is None]
    tasks = Inputs(package, missing, named=True, reader=source.reader)
    context.progress.say(f"reading {name}: {len(files)} files, {len(missing)} of them new")
    outcomes = workers.run(
        "corpus.categories.text.documents:extract", tasks, context.workers, FILE_S, context.progress
    )
    for file, outcome in zip(missing, outcomes, strict=True):
        if outcome.failure:
            kept[file.path] = {"documents": [], "reason": outcome.failure, "lost": []}
        else:
            kept[file.path] = outcome.value
            results.put(keys[file.path], outcome.value)
    for file in files:
        found = kept[file.path]
        if found["reason"]:
            context.funnel.enter(name)
            context.drop(name, "read", found["reason"], file.path)
        for text in found["lost"]:
            context.drop(name, "read sections", "not in the language it is filed under", text)
        origin = package.origin(file)
        for part, blocks, letters in found["documents"]:
            context.funnel.enter(name)
            change = Change("read", (("reader", source.reader), ("version", VERSION)))
            traits = (("type", _type(source.reader, file.path)),)
            yield Document(name, part, tuple(blocks), letters, origin, (change,), traits)


def _type(reader: str, path: str) -> str:
    """What type of document a file of the shelf is."""
    found = next((kind for part, kind in PARTS.items() if f"/{part}/" in path), None)
    return found or TYPES[reader]


def filter(items: Iterable[Document], context: Context) -> Iterator[Document]:  # noqa: A001
    """Documents that are fit by themselves, and as the recipe's operators ask for them."""
    good = screening.of_quality(_fit(items, context), context)
    fit = screening.uncontaminated(good, context)
    return screening.without_personal(fit, context)


def _fit(items: Iterable[Document], context: Context) -> Iterator[Document]:
    for document in items:
        reader = context.sources[document.source].reader
        reason = sanity.fault(document.blocks, SHORTEST[reader])
        asked = "zh" if reader in CHINESE else filed_under(document.origin.file)
        if not reason and asked and main_language(document.letters) not in {asked, "code"}:
            reason = "not in the language of its source"
        if reason:
            subject = f"{document.subject}: {document.blocks[0][:80]}"
            context.drop(document.source, "filter", reason, subject)
        else:
            yield document


def dedup(items: Iterable[Document], context: Context) -> Iterator[Document]:
    """Documents and paragraphs not seen before, exactly; a document that loses half goes.

    Near duplicates go where the recipe asks for it. Code is no paragraph: translations share it,
    and each needs it where it stands.
    """
    new = screening.without_near_duplicates(_new_documents(items, context), context)
    with context.seen() as paragraphs:
        for document in new:
            kept, lost = _new_blocks(document, paragraphs, context)
            if lost * 2 <= sum(map(len, document.blocks)):
                yield _without(document, kept, lost)
                continue
            context.drop(document.source, "dedup", "over half of it seen before", document.subject)


def _without(document: Document, kept: list[str], lost: int) -> Document:
    """The document with the blocks that are left."""
    change = Change(
        "dedup paragraphs", (("at_least_chars", PARAGRAPH_CHARS), ("dropped_chars", lost))
    )
    changes = (*document.changes, change) if lost else document.changes
    return replace(document, blocks=tuple(kept), changes=changes)


def _new_documents(items: Iterable[Document], context: Context) -> Iterator[Document]:
    with context.seen() as documents:
        for document in items:
            if documents.is_new("\n".join(document.blocks)):
                yield document
            else:
                context.drop(document.source, "dedup", "the same document", document.subject)


def _new_blocks(document: Document, seen: exact.Seen, context: Context) -> tuple[list[str], int]:
    """The blocks not seen before, without headings that lost all their text, and what was lost."""
    kept: list[str] = []
    lost = 0
    for block in document.blocks:
        if is_paragraph(block) and not seen.is_new(block):
            lost += len(block)
            context.drop(document.source, "dedup paragraphs", "the same paragraph", block)
            continue
        kept.append(block)
    full = without_empty_headings([Block(text) for text in kept])
    return [block.text for block in full], lost


def make(items: Iterable[Document], context: Context) -> Iterator[Sample]:
    """A sample for each piece of each document that fits the context."""
    for document in items:
        cut = pieces(document.blocks, context.context_tokens, context.text)
        language = main_language(document.letters)
        for number, (text, tokens) in enumerate(cut):
            changes = document.changes
            if len(cut) > 1:
                cut_change = Change("cut", (("piece", number + 1), ("of", len(cut))))
                changes = (*changes, cut_change)
            yield Sample(
                _name(document, number, text), "text", document.source, "document", language,
                (Turn("assistant", text),), (), tokens, 0, document.origin, changes,
                document.traits, worth.scores(text),
            )  # fmt: skip


def _name(document: Document, number: int, text: str) -> str:
    """A piece's id: by the id that somebody gave the document, else by what it is."""
    if document.origin.licence.form == records.STATED:
        own = document.part or document.origin.file_sha256
        return sample_id("text", document.source, own, str(number))
    return sample_id("text", document.source, document.origin.file, document.part, text)


def validate(samples: Iterable[Sample], context: Context) -> Iterator[Sample]:
    """Sound samples."""
    yield from pass_sound(samples, context)
