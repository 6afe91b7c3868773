"""What categories of pictures share: no picture twice, and none of an evaluation set.

What a recipe's `operators` ask for is done: `near_pictures` drops a picture that shows the same as
one kept before it with words in the same language (of several languages, those that are new stay),
`decontaminate_pictures` one that shows the same as a picture in the directories it names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from corpus.cache import Pictures
from corpus.categories.base import Context
from corpus.operators.images import listed
from corpus.operators.images.near import Near
from corpus.sample import Picture

OPERATORS: Final = ("near_pictures", "decontaminate_pictures")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture of an item: what it is called, and the languages of the words beside it."""

    source: str
    name: str
    picture: Picture
    languages: tuple[str, ...]


def listed_inputs(context: Context) -> Iterator[str]:
    """The hashes of the evaluation pictures. Raises NotFound, UsageError."""
    yield from listed.files(context.operators.decontaminate_pictures).values()


def pass_new(
    items: Iterable[Item],
    context: Context,
    shown: Callable[[Item], Shown],
    with_only: Callable[[Item, Collection[str]], Item],
) -> Iterator[Item]:
    """Items whose picture is new to the mixture; the rest is counted, each with what it is like.

    `with_only` gives an item with its words in some of its languages.
    """
    held: dict[str, Shown] = {}
    near = Near(lambda sha256: held[sha256].picture.path.read_bytes(), context.results)
    evaluation = evaluated(context)
    for item in items:
        seen = shown(item)
        sha256 = seen.picture.sha256
        held.setdefault(sha256, seen)
        if name := evaluation(seen.picture):
            subject = f"{seen.name} = {name}"
            context.drop(seen.source, "decontaminate", "an evaluation picture", subject)
        elif not context.operators.near_pictures:
            yield item
        else:
            like = {language: near.like(sha256, language) for language in seen.languages}
            fresh = [language for language in seen.languages if not like[language]]
            for language in fresh:
                near.keep(sha256, language)
            if fresh:
                yield with_only(item, fresh)
                continue
            first = held[next(name for name in like.values() if name)].name
            context.drop(seen.source, "dedup", "nearly the same picture", f"{seen.name} = {first}")
        if held[sha256] is seen:
            del held[sha256]


def evaluated(context: Context) -> Callable[[Picture], str]:
    """Which evaluation picture shows the same as one that is asked about, or an empty string."""
    directories = context.operators.decontaminate_pictures
    if not directories:
        return lambda _: ""
    blobs = Pictures(context.cache / "corpus" / "pictures")
    context.progress.say("reading evaluation pictures")
    names = listed.pictures(
        listed.files(directories), blobs, context.results(listed.FUNCTION),
        context.workers, context.progress,
    )  # fmt: skip
    asked: dict[str, Path] = {}
    near = Near(
        lambda sha256: (asked.get(sha256) or blobs.path(sha256)).read_bytes(), context.results
    )
    for sha256 in names:
        near.keep(sha256)

    def name_of(picture: Picture) -> str:
        asked[picture.sha256] = picture.path
        found = names.get(picture.sha256) or names.get(near.like(picture.sha256) or "", "")
        del asked[picture.sha256]
        return found

    return name_of
