"""What is done to documents of every category: what was there before goes, and what a recipe's operators ask for.

A document that is dropped is counted with what it was dropped for; one that is changed says so in
its changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from corpus.categories.base import Context
from corpus.categories.document import Document
from corpus.operators.evaluation import EvaluationSets
from corpus.operators.exact import Seen
from corpus.operators.near import NearDuplicates, Text
from corpus.operators.personal import Masks
from corpus.pages.block import PARAGRAPH_CHARS, is_paragraph, reworded, without_empty_headings
from corpus.sample import Change
from infra import disk

OPERATORS: Final = ("near_duplicates", "personal", "decontaminate")
One = TypeVar("One", bound=Document)


def pass_clean(items: Iterable[One], context: Context) -> Iterator[One]:
    """Documents that share no words with an evaluation set, without personal data."""
    return _without_personal(_uncontaminated(items, context), context)


def _uncontaminated(items: Iterable[One], context: Context) -> Iterator[One]:
    """Documents that share no long run of words with an evaluation set."""
    if not context.operators.decontaminate:
        yield from items
        return
    sets = EvaluationSets.read(context.operators.decontaminate)
    for document in items:
        found = sets.shared("\n".join(document.texts))
        if found is None:
            yield document
        else:
            context.drop(document.source, "decontaminate", "shares words with an evaluation set",
                         f"{document.subject} and {found}")  # fmt: skip


def _without_personal(items: Iterable[One], context: Context) -> Iterator[One]:
    """Documents with marks for personal data and secrets, or only those that have none."""
    wanted = context.operators.personal
    for document in items:
        masks = Masks()
        blocks = tuple(reworded(one, masks.mask) for one in document.blocks) if wanted else ()
        if not masks.counts:
            yield document
        elif wanted == "drop":
            kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(masks.counts.items()))
            context.drop(document.source, "personal", "personal data or secrets",
                         f"{document.subject}: {kinds}")  # fmt: skip
        else:
            change = Change("mask personal data", tuple(sorted(masks.counts.items())))
            yield replace(document, blocks=blocks, changes=(*document.changes, change))


def pass_new(items: Iterable[One], context: Context) -> Iterator[One]:
    """Documents and paragraphs not seen before, exactly; a document that loses half goes.

    Near duplicates go where the recipe asks for it. Code is no paragraph: translations share it,
    and each needs it where it stands. Nor is what shows a picture.
    """
    with context.seen() as paragraphs:
        for document in _unlike(_new(items, context), context):
            left = _new_paragraphs(document, paragraphs, context)
            had, kept = (sum(map(len, one.texts)) for one in (document, left))
            if kept * 2 < had:
                reason = "over half of it seen before"
                context.drop(document.source, "dedup", reason, document.subject)
                continue
            lost = (("at_least_chars", PARAGRAPH_CHARS), ("dropped_chars", had - kept))
            change = (Change("dedup paragraphs", lost),) if kept < had else ()
            yield replace(left, changes=(*document.changes, *change))


def _new(items: Iterable[One], context: Context) -> Iterator[One]:
    with context.seen() as documents:
        for document in items:
            if document.blocks and documents.is_new(document.shown):
                yield document
            else:
                reason = "the same document" if document.blocks else "nothing is left of it"
                context.drop(document.source, "dedup", reason, document.subject)


def _unlike(items: Iterable[One], context: Context) -> Iterator[One]:
    """Documents that are no near duplicate of one that was kept before, in the same language."""
    threshold = context.operators.near_duplicates
    if threshold is None:
        yield from items
        return
    directory = context.cache / "corpus"
    disk.make_dir(directory)
    named = ((one, Text(one.shown, one.language, one.subject)) for one in items)
    with NearDuplicates(directory, threshold) as near:
        for document, match in near.sift(named):
            if match is None:
                yield document
            else:
                context.drop(document.source, "near duplicates", "near an earlier document",
                             f"{document.subject} is {match.jaccard:.2f} of {match.label}")  # fmt: skip


def _new_paragraphs(document: One, seen: Seen, context: Context) -> One:
    """The document without paragraphs seen before, and headings that lost all their text."""
    kept = []
    for block in document.blocks:
        shared = is_paragraph(block.text) and not block.pictures
        if shared and not seen.is_new(block.text):
            reason = "the same paragraph"
            context.drop(document.source, "dedup paragraphs", reason, block.text)
            continue
        kept.append(block)
    return replace(document, blocks=tuple(without_empty_headings(kept)))
