"""The shape of a category, and what its steps are given.

Each step takes the items of the step before and yields those it keeps; what it does not keep it
counts in the context's funnel with a reason. Steps are pure functions of the items and the recipe:
neither the number of workers nor the order of arrival shows in what they yield.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from corpus.cache import Results
from corpus.funnel import Funnel
from corpus.operators.exact import Seen
from corpus.recipe import Operators, Source
from corpus.sample import Sample
from corpus.shelf import Shelf
from corpus.tokens import TextCounter, Tower
from infra.progress import Progress


@dataclass(frozen=True, slots=True)
class Context:
    """What the steps of one category may use."""

    home: Path
    cache: Path
    shelf: Shelf
    sources: Mapping[str, Source]
    operators: Operators
    tokenizer: str
    text: TextCounter
    tower: Tower
    context_tokens: int
    workers: int
    funnel: Funnel
    progress: Progress

    def results(self, function: str) -> Results:
        """Kept results of a pure function, by the hash of its input."""
        return Results(self.cache / "corpus", function)

    def seen(self) -> Seen:
        """A memory for texts of one pass, empty at first."""
        return Seen(self.cache / "corpus")

    def drop(self, source: str, step: str, reason: str, subject: str, count: int = 1) -> None:
        """Count an item that goes no further."""
        self.funnel.drop(source, step, reason, subject, count)


class Category(Protocol):
    """Five steps from files to samples; `READERS` names the kinds of source it can read."""

    READERS: tuple[str, ...]

    def inputs(self, context: Context) -> Iterator[str]:
        """A hash of everything that `read` reads; equal ones stand for equal samples.

        Raises NotFound for a source that is not there.
        """
        ...

    def read(self, context: Context) -> Iterator[Any]:
        """Every item of the category's sources, in a fixed order. Raises NotFound for a source."""
        ...

    def filter(self, items: Iterable[Any], context: Context) -> Iterator[Any]:
        """Items worth keeping by themselves."""
        ...

    def dedup(self, items: Iterable[Any], context: Context) -> Iterator[Any]:
        """Items not seen before."""
        ...

    def make(self, items: Iterable[Any], context: Context) -> Iterator[Sample]:
        """Samples of the items."""
        ...

    def validate(self, samples: Iterable[Sample], context: Context) -> Iterator[Sample]:
        """Samples that keep every promise of `corpus.categories.gate`."""
        ...


def stream(category: Category, context: Context) -> Iterator[Sample]:
    """The samples of a category as its steps make them."""
    items = category.dedup(category.filter(category.read(context), context), context)
    return category.validate(category.make(items, context), context)


def of_packages(context: Context) -> Iterator[str]:
    """The hash of each source's package, for categories that read nothing else."""
    for source in context.sources.values():
        if not source.url:
            yield context.shelf.find(source.package or "").deb_sha256
