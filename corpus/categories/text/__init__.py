"""Plain text: documentation, manual pages, sayings and poems, each document a sample or several.

A long document is cut at its headings and paragraphs, never inside one, to fit the context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from corpus.cache import hash_of
from corpus.categories import screening
from corpus.categories.base import Context, of_packages
from corpus.categories.document import Document
from corpus.categories.gate import pass_sound
from corpus.categories.text import records
from corpus.categories.text.cut import pieces
from corpus.categories.text.documents import VERSION, extract
from corpus.categories.text.quality import of_quality
from corpus.operators import evaluation, sanity, worth
from corpus.pages.block import Block
from corpus.pages.translated import filed_under
from corpus.recipe import Source
from corpus.sample import Change, Sample, Turn, sample_id
from corpus.shelf import Inputs, Package, ShelfFile
from infra import workers
from infra.fetch import fetch

OPERATORS: Final = (*screening.OPERATORS, "quality")
READERS: Final = ("sphinx", "docbook", "roff", "fortunes", "jsonl")
PLACES: Final = {
    "sphinx": ("usr/share/doc/", (".html",)),
    "docbook": ("usr/share/", (".html",)),
    "roff": ("usr/share/man/", (".gz",)),
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
            yield Document(
                name, part, tuple(map(Block, blocks)), letters, origin, (change,), traits
            )


def _type(reader: str, path: str) -> str:
    """What type of document a file of the shelf is."""
    found = next((kind for part, kind in PARTS.items() if f"/{part}/" in path), None)
    return found or TYPES[reader]


def filter(items: Iterable[Document], context: Context) -> Iterator[Document]:  # noqa: A001
    """Documents that are fit by themselves, and as the recipe's operators ask for them."""
    return screening.pass_clean(of_quality(_fit(items, context), context), context)


def _fit(items: Iterable[Document], context: Context) -> Iterator[Document]:
    for document in items:
        reader = context.sources[document.source].reader
        reason = sanity.fault(document.texts, SHORTEST[reader])
        asked = _asked(reader, document.origin.file)
        if not reason and asked and document.language not in {asked, "code"}:
            reason = "not in the language of its source"
        if reason:
            subject = f"{document.subject}: {document.texts[0][:80]}"
            context.drop(document.source, "filter", reason, subject)
        else:
            yield document


def _asked(reader: str, path: str) -> str | None:
    """The language that a document must be in, where its place says one."""
    return "zh" if reader == "fortunes" or "/man/zh_" in path else filed_under(path)


def dedup(items: Iterable[Document], context: Context) -> Iterator[Document]:
    """Documents and paragraphs not seen before, and as the recipe's operators ask for them."""
    return screening.pass_new(items, context)


def make(items: Iterable[Document], context: Context) -> Iterator[Sample]:
    """A sample for each piece of each document that fits the context."""
    for document in items:
        cut = pieces(document.texts, context.context_tokens, context.text)
        for number, (text, tokens) in enumerate(cut):
            changes = document.changes
            if len(cut) > 1:
                cut_change = Change("cut", (("piece", number + 1), ("of", len(cut))))
                changes = (*changes, cut_change)
            yield Sample(
                _name(document, number, text), "text", document.source, "document", document.language,
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
