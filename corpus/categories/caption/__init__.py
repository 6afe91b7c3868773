"""Pictures with a caption of their own: clip art with its title, stamps with a line in each language.

Only what has a caption of its own is drawn. Pictures are kept by the hash of the file, so that a
second build draws only what is new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from corpus.categories import alike
from corpus.categories.base import Context, of_packages
from corpus.categories.caption import clipart, stamps
from corpus.categories.caption.asked import asked
from corpus.categories.caption.item import UNKNOWN, Caption, Captioned
from corpus.categories.caption.render import QUALITY, VERSION
from corpus.categories.gate import MARK, pass_sound
from corpus.categories.pictures import Made, Maker, make_all
from corpus.operators.images.admit import VERSION as ADMIT_VERSION
from corpus.sample import Change, Sample, Turn, sample_id

SOURCES: Final = {"openclipart": clipart.read, "stamps": stamps.read}
READERS: Final = tuple(SOURCES)
OPERATORS: Final = alike.OPERATORS
SIDE_PX: Final = 448
LEAST_PX: Final = 20
DRAWN: Final = Maker("corpus.categories.caption.render:render", VERSION, {"side_px": SIDE_PX})
TAKEN: Final = Maker(
    "corpus.operators.images.admit:answer",
    ADMIT_VERSION,
    {"side_px": SIDE_PX, "least_px": LEAST_PX, "quality": QUALITY},
)
__all__ = ["OPERATORS", "READERS", "dedup", "filter", "inputs", "make", "read", "validate"]


def inputs(context: Context) -> Iterator[str]:
    """The hashes of packages and evaluation pictures."""
    yield from of_packages(context)
    yield from alike.listed_inputs(context)


def read(context: Context) -> Iterator[Captioned]:
    """Everything that has a picture or a caption."""
    for name, source in context.sources.items():
        package = context.shelf.find(source.package or "")
        for item in SOURCES[source.reader](name, package, context):
            context.funnel.enter(name)
            yield item


def filter(items: Iterable[Captioned], context: Context) -> Iterator[Captioned]:  # noqa: A001
    """What has a caption of its own, a licence that does not contradict, and a picture."""
    own = []
    for item in items:
        if item.reason:
            context.drop(item.source, "filter", item.reason, item.subject)
        else:
            own.append(item)
    for source in dict.fromkeys(item.source for item in own):
        yield from _drawn([item for item in own if item.source == source], context)


def _drawn(items: list[Captioned], context: Context) -> Iterator[Captioned]:
    """The items of one source with their pictures, of the best file that gives one."""
    waiting = list(enumerate(items))
    done: dict[int, Captioned] = {}
    while waiting:
        made = _made([item for _, item in waiting], context)
        tried = [(n, replace(item, made=made[item.file.sha256])) for n, item in waiting]
        done |= dict(tried)
        waiting = [
            (n, replace(item, files=item.files[1:]))
            for n, item in tried
            if item.made.reason and len(item.files) > 1
        ]
    for number in sorted(done):
        item = done[number]
        if item.made.reason:
            context.drop(item.source, "draw", item.made.reason, item.subject)
        else:
            yield item


def _made(items: list[Captioned], context: Context) -> dict[str, Made]:
    """What becomes of each item's first file, by the file's hash."""
    package, files = items[0].package, [item.file for item in items]
    vectors = [file for file in files if file.path.endswith(".svg")]
    pixels = [file for file in files if not file.path.endswith(".svg")]
    return make_all(DRAWN, package, vectors, context) | make_all(TAKEN, package, pixels, context)


def dedup(items: Iterable[Captioned], context: Context) -> Iterator[Captioned]:
    """Pictures not seen before: not these pixels, nor what the recipe's operators find alike."""
    yield from alike.pass_new(_exact(items, context), context, _shown, _with_only)


def _exact(items: Iterable[Captioned], context: Context) -> Iterator[Captioned]:
    """Pictures whose pixels were not seen before with words in the same languages."""
    seen: dict[tuple[str, str], str] = {}
    for item in items:
        assert item.made.picture is not None
        pixels = (item.made.pixels, item.made.picture.sha256)  # as drawn, and as encoded
        keys = {language: [(p, language) for p in pixels] for language in _languages(item)}
        fresh = [language for language in keys if not any(key in seen for key in keys[language])]
        if not fresh:
            first = next(seen[key] for found in keys.values() for key in found if key in seen)
            context.drop(item.source, "dedup", "the same picture", f"{item.subject} = {first}")
            continue
        seen |= {key: item.subject for language in fresh for key in keys[language]}
        yield _with_only(item, fresh)


def _languages(item: Captioned) -> tuple[str, ...]:
    return tuple(dict.fromkeys(caption.language for caption in item.captions))


def _with_only(item: Captioned, languages: Collection[str]) -> Captioned:
    """The item with its captions in those languages."""
    return replace(item, captions=tuple(c for c in item.captions if c.language in languages))


def _shown(item: Captioned) -> alike.Shown:
    assert item.made.picture is not None
    return alike.Shown(item.source, item.subject, item.made.picture, _languages(item))


def make(items: Iterable[Captioned], context: Context) -> Iterator[Sample]:
    """A question and its answer for each caption of each picture."""
    for item in items:
        for caption in item.captions:
            yield _sample(item, caption, context)


def _sample(item: Captioned, caption: Caption, context: Context) -> Sample:
    picture = item.made.picture
    assert picture is not None
    told = () if caption.language == UNKNOWN else (caption.language,)
    name = sample_id("caption", item.source, item.file.path, item.file.sha256, caption.text, *told)
    turns = (Turn("user", asked(caption.locale, name)), Turn("assistant", caption.text))
    return Sample(
        name, "caption", item.source, "caption", caption.language, turns, (picture,),
        sum(context.text.count(turn.content.replace(MARK, "")) for turn in turns),
        context.tower.tokens(picture.width, picture.height),
        item.package.origin(item.file, item.declared), (*caption.changes, _drawn_how(item)),
        (("topic", item.topic),) if item.topic else (),
    )  # fmt: skip


def _drawn_how(item: Captioned) -> Change:
    """How the picture came to its pixels."""
    about = dict(item.made.about)
    if "renderer" not in about:
        return Change("admit", (("done", about["done"]), *sorted(TAKEN.settings.items())))
    return Change(
        "draw",
        (("renderer", about["renderer"]), ("side_px", SIDE_PX), ("cropped", about["cropped"]), ("background", "white"),
         ("jpeg_quality", QUALITY), ("version", VERSION)),
    )  # fmt: skip


def validate(samples: Iterable[Sample], context: Context) -> Iterator[Sample]:
    """Sound samples."""
    yield from pass_sound(samples, context)
