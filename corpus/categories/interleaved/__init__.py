"""Pages of text with their pictures, each where it stands: manuals and textbooks of the shelf.

A page is one message of the role `assistant` with `<image>` where a picture stands, cut to fit the
context without parting a picture from its text. Icons, navigation and notes' pictures are
decoration; a picture that cannot be taken goes with its caption, and a figure with its last one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from corpus.categories import alike, screening
from corpus.categories.base import Context, of_packages
from corpus.categories.gate import MARK, pass_sound
from corpus.categories.interleaved.cut import pieces, written
from corpus.categories.interleaved.page import VERSION, Page
from corpus.categories.interleaved.shown import files_of, find, is_jpeg
from corpus.categories.pictures import Made, Maker, make_all
from corpus.operators import evaluation, sanity
from corpus.operators.images.admit import VERSION as ADMIT_VERSION
from corpus.pages.block import Block, without, without_empty_headings
from corpus.pages.translated import filed_under
from corpus.sample import Change, Picture, Sample, Turn, sample_id
from corpus.shelf import Inputs, Package, ShelfFile
from infra import workers

OPERATORS: Final = (*screening.OPERATORS, "decontaminate_pictures")
READERS: Final = ("docbook",)
PLACE: Final = "usr/share/"
FILE_S: Final = 60.0
SHORTEST: Final = 80
MOST_PAGES: Final = 10
"""On so many pages of a language a picture is shown; what stands on more is furniture."""
ICON_PX: Final = 64
TRAITS: Final = (("type", "manual"),)
SIDE_PX: Final = 896
TAKEN: Final = {
    is_photograph: Maker(
        "corpus.operators.images.admit:answer",
        ADMIT_VERSION,
        {"side_px": SIDE_PX, "least_px": 12, "lossless": not is_photograph},
    )
    for is_photograph in (False, True)
}
"""Screens keep their letters sharp; what was a JPEG stays one."""
__all__ = ["OPERATORS", "READERS", "dedup", "filter", "inputs", "make", "read", "validate"]


def inputs(context: Context) -> Iterator[str]:
    """The packages' hashes, and those of evaluation sets."""
    yield from of_packages(context)
    yield from evaluation.hashes(context.operators.decontaminate)
    yield from alike.listed_inputs(context)


def read(context: Context) -> Iterator[Page]:
    """Every page that shows pictures, in the language it is filed under."""
    for name, source in context.sources.items():
        package = context.shelf.find(source.package or "")
        files = list(package.under(source.below or PLACE, (".html",)))
        for file, found in _extracted(name, package, files, context):
            context.funnel.enter(name)
            if found["reason"]:
                context.drop(name, "read", found["reason"], file.path)
                continue
            for text in found["lost"]:
                context.drop(name, "read sections", "not in the language it is filed under", text)
            if found["decorations"]:
                context.drop(name, "pictures", "decoration", file.path, found["decorations"])
            change = Change("read", (("reader", source.reader), ("version", VERSION)))
            blocks = tuple(
                Block(text, tuple(shown), is_figure) for text, shown, is_figure in found["blocks"]
            )
            yield Page(
                name, "", blocks, found["letters"], package.origin(file), (change,), TRAITS,
                package=package,
            )  # fmt: skip


def _extracted(
    name: str, package: Package, files: list[ShelfFile], context: Context
) -> Iterator[tuple[ShelfFile, dict[str, Any]]]:
    """What each file holds: kept results first, workers for the rest, in file order."""
    results = context.results(VERSION)
    keys = {file.path: f"{file.sha256}:{filed_under(file.path)}" for file in files}
    kept: dict[str, Any] = {path: results.get(key) for path, key in keys.items()}
    missing = [file for file in files if kept[file.path] is None]
    context.progress.say(f"reading {name}: {len(files)} pages, {len(missing)} of them new")
    outcomes = workers.run(
        "corpus.categories.interleaved.page:extract",
        Inputs(package, missing, named=True), context.workers, FILE_S, context.progress,
    )  # fmt: skip
    for file, outcome in zip(missing, outcomes, strict=True):
        kept[file.path] = outcome.value or {"reason": outcome.failure}
        if not outcome.failure:
            results.put(keys[file.path], outcome.value)
    for file in files:
        yield file, kept[file.path]


def filter(items: Iterable[Page], context: Context) -> Iterator[Page]:  # noqa: A001
    """Pages that are fit by themselves, with the pictures that can be taken, and as the recipe's operators ask for them."""
    fit: dict[str, list[Page]] = {}
    for page in screening.pass_clean(_fit(items, context), context):
        fit.setdefault(page.source, []).append(_named(page, context))
    for pages in fit.values():
        made = _made(pages, context)
        unfit = {path: _unfit(one) for path, one in made.items()}
        for page in pages:
            yield _without(replace(page, made=made), unfit.__getitem__, context)


def _fit(items: Iterable[Page], context: Context) -> Iterator[Page]:
    for page in items:
        reason = _fault(page)
        if reason:
            subject = f"{page.subject}: {page.texts[0] if page.blocks else ''}"
            context.drop(page.source, "filter", reason, subject)
        else:
            yield page


def _made(pages: Sequence[Page], context: Context) -> dict[str, Made]:
    """What becomes of the pictures that pages of one package show, by path."""
    files = files_of(pages[0].package)
    named = sorted({path for page in pages for block in page.blocks for path in block.pictures})
    done: dict[bool, dict[str, Made]] = {}
    for is_photograph, maker in TAKEN.items():
        chosen = [files[path] for path in named if is_jpeg(path) == is_photograph]
        done[is_photograph] = make_all(maker, pages[0].package, chosen, context)
    return {path: done[is_jpeg(path)][files[path].sha256] for path in named}


def _fault(page: Page) -> str:
    """Why a page is not fit, or an empty string."""
    asked = filed_under(page.origin.file)
    if asked and page.language not in {asked, "code"}:
        return "not in the language it is filed under"
    if any(MARK in text for text in page.texts):
        return "writes out the mark of a picture"
    return sanity.fault(page.texts, SHORTEST)


def _unfit(made: Made) -> str:
    """Why a picture is not taken, or an empty string."""
    if made.reason or made.picture is None:
        return made.reason
    icon = max(made.picture.width, made.picture.height) < ICON_PX
    return "decoration: as small as an icon" if icon else ""


def _named(page: Page, context: Context) -> Page:
    """The page with the paths of the files that it shows, without those that are none."""
    files = files_of(page.package)
    said = {said for block in page.blocks for said in block.pictures}
    found = {one: find(page.origin.file, one, files) for one in said}
    kept = _without(page, lambda one: found[one][1], context)
    return kept.naming({one: file.path for one, (file, _) in found.items() if file})


def _without(page: Page, reason_of: Callable[[str], str], context: Context) -> Page:
    """The page without the pictures that have a reason to go, which are counted."""
    kept = []
    for block in page.blocks:
        gone = {n: reason for n, one in enumerate(block.pictures) if (reason := reason_of(one))}
        for number, reason in gone.items():
            subject = f"{page.origin.file}: {block.pictures[number]}"
            context.drop(page.source, "pictures", reason, subject)
        kept.append(without(block, set(gone)))
    full = without_empty_headings([block for block in kept if block])
    return replace(page, blocks=tuple(full))


def dedup(items: Iterable[Page], context: Context) -> Iterator[Page]:
    """Pages, paragraphs and pictures not seen before, and as the recipe's operators ask for them."""
    shown: Counter[tuple[str, str]] = Counter()
    evaluated = alike.evaluated(context)
    for page in screening.pass_new(items, context):
        yield _new_pictures(page, shown, evaluated, context)


def _new_pictures(
    page: Page,
    shown: Counter[tuple[str, str]],
    evaluated: Callable[[Picture], str],
    context: Context,
) -> Page:
    """The page without what it showed before, what too many pages show, and evaluation pictures.

    A picture on pages of two languages counts in each by itself.
    """
    here: set[str] = set()

    def reason_of(path: str) -> str:
        pixels, picture = page.made[path].pixels, page.made[path].picture
        if picture and evaluated(picture):
            return "an evaluation picture"
        if pixels in here:
            return "the same picture on one page"
        here.add(pixels)
        shown[page.language, pixels] += 1
        many = shown[page.language, pixels] > MOST_PAGES
        return "the same picture on too many pages" if many else ""

    return _without(page, reason_of, context)


def make(items: Iterable[Page], context: Context) -> Iterator[Sample]:
    """A sample for each piece of each page that fits the context; a piece without pictures is text."""
    for page in items:
        weights = {
            path: context.tower.tokens(p.width, p.height)
            for path in {path for block in page.blocks for path in block.pictures}
            if (p := page.made[path].picture)
        }
        cut = pieces(page.blocks, weights, context.context_tokens, context.text)
        for number, blocks in enumerate(cut):
            yield _sample(page, blocks, weights, (number + 1, len(cut)), context)


def _sample(
    page: Page, blocks: Sequence[Block], weights: Mapping[str, int], piece: tuple[int, int],
    context: Context,
) -> Sample:  # fmt: skip
    paths = [path for block in blocks for path in block.pictures]
    pictures = tuple(p for path in paths if (p := page.made[path].picture))
    text = written(blocks)
    taken = Change("admit", (("files", paths), ("side_px", SIDE_PX), ("version", ADMIT_VERSION)))
    cut = Change("cut", (("piece", piece[0]), ("of", piece[1])))
    name = sample_id(
        "interleaved", page.source, page.origin.file, text, *(p.sha256 for p in pictures)
    )
    return Sample(
        name, "interleaved", page.source, "interleaved" if pictures else "document",
        page.language, (Turn("assistant", text),), pictures,
        context.text.count(text.replace(MARK, "")), sum(weights[path] for path in paths),
        page.origin, (*page.changes, *((cut,) if piece[1] > 1 else ()), *((taken,) if paths else ())),
        page.traits,
    )  # fmt: skip


def validate(samples: Iterable[Sample], context: Context) -> Iterator[Sample]:
    """Sound samples."""
    yield from pass_sound(samples, context)
