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
