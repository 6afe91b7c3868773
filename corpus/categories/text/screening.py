"""What a recipe's operators do to documents, each where the recipe asks for it.

A document that an operator drops is counted with what it was dropped for; one that it changes says
so in its changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.categories.base import Context
from corpus.categories.text.documents import Document
from corpus.operators.evaluation import EvaluationSets
from corpus.operators.language import main_language
from corpus.operators.near import NearDuplicates, Text
from corpus.operators.personal import Masks
from corpus.operators.quality import c4, gopher, repetition
from corpus.operators.quality.words import tokens
from corpus.sample import Change
from infra import disk


def without_personal(items: Iterable[Document], context: Context) -> Iterator[Document]:
    """Documents with marks for personal data and secrets, or only those that have none."""
    wanted = context.operators.personal
    for document in items:
        masks = Masks()
        blocks = tuple(masks.mask(block) for block in document.blocks) if wanted else ()
        if not masks.counts:
            yield document
        elif wanted == "drop":
            kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(masks.counts.items()))
            context.drop(document.source, "personal", "personal data or secrets",
                         f"{document.subject}: {kinds}")  # fmt: skip
        else:
            change = Change("mask personal data", tuple(sorted(masks.counts.items())))
            yield replace(document, blocks=blocks, changes=(*document.changes, change))


def of_quality(items: Iterable[Document], context: Context) -> Iterator[Document]:
    """Documents that keep the rules asked for, and of their lines those that do.

    The rules are for English: of others only repeated lines and paragraphs are looked at.
    """
    wanted = context.operators.quality
    for document in items:
        english = main_language(document.letters) == "en"
        text = "\n".join(document.blocks)
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
        lines = len((block + "\n").splitlines())
        left = [kept[n] for n in range(number, number + lines) if n in kept]
        blocks += ["\n".join(left)] if left else []
        number += lines
    change = Change("keep lines", (("rules", "c4"), ("dropped_lines", number - len(kept))))
    changes = (*document.changes, change) if number > len(kept) else document.changes
    yield replace(document, blocks=tuple(blocks), changes=changes)


def uncontaminated(items: Iterable[Document], context: Context) -> Iterator[Document]:
    """Documents that share no long run of words with an evaluation set."""
    if not context.operators.decontaminate:
        yield from items
        return
    sets = EvaluationSets.read(context.operators.decontaminate)
    for document in items:
        found = sets.shared("\n".join(document.blocks))
        if found is None:
            yield document
        else:
            context.drop(document.source, "decontaminate", "shares words with an evaluation set",
                         f"{document.subject} and {found}")  # fmt: skip


def without_near_duplicates(items: Iterable[Document], context: Context) -> Iterator[Document]:
    """Documents that are no near duplicate of one that was kept before, in the same language."""
    threshold = context.operators.near_duplicates
    if threshold is None:
        yield from items
        return
    directory = context.cache / "corpus"
    disk.make_dir(directory)
    with NearDuplicates(directory, threshold) as near:
        for document, match in near.sift((item, _text(item)) for item in items):
            if match is None:
                yield document
            else:
                context.drop(document.source, "near duplicates", "near an earlier document",
                             f"{document.subject} is {match.jaccard:.2f} of {match.label}")  # fmt: skip


def _text(document: Document) -> Text:
    return Text("\n".join(document.blocks), main_language(document.letters), document.subject)
