"""Pictures with a caption of their own: clip art drawn to pixels, each with the title it was given.

Only files whose title is theirs are drawn. Drawings are kept by the hash of the file, so that a
second build draws only what is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from corpus.cache import Pictures
from corpus.categories.base import Context, of_packages
from corpus.categories.caption.render import QUALITY, VERSION
from corpus.categories.caption.titles import Verdict, judge, titled
from corpus.categories.gate import pass_sound
from corpus.sample import Change, Picture, Sample, Turn, sample_id
from corpus.shelf import Inputs, Package, ShelfFile
from infra import workers

READERS: Final = ("openclipart",)
WHERE: Final = "usr/share/openclipart/svg/"
SIDE_PX: Final = 448
FILE_S: Final = 20.0
PUBLIC_DOMAIN: Final = "publicdomain"
ASKED: Final = (
    "<image>\nWhat does this picture show?",
    "<image>\nGive this picture a caption.",
    "<image>\nDescribe the picture in a few words.",
    "What is this?\n<image>",
)
__all__ = ["READERS", "Drawing", "dedup", "filter", "inputs", "make", "read", "validate"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A file with its verdict and, once drawn, its picture and the hash of its pixels."""

    source: str
    package: Package
    file: ShelfFile
    facts: dict[str, Any]
    verdict: Verdict
    picture: Picture | None = None
    pixels: str = ""
    renderer: str = ""
    cropped: bool = False


def inputs(context: Context) -> Iterator[str]:
    """The packages' hashes."""
    return of_packages(context)


def read(context: Context) -> Iterator[Drawing]:
    """Every file of the collection with what it says of itself, duplicates' folder last."""
    for name, source in context.sources.items():
        package = context.shelf.find(source.package or "")
        files = sorted(
            package.under(WHERE, (".svg",)), key=lambda f: ("/duplicates/" in f.path, f.path)
        )
        facts = _facts(name, package, files, context)
        verdicts = judge(titled(p, f) for p, f in facts.items() if not f["reason"])
        for file in files:
            context.funnel.enter(name)
            verdict = verdicts.get(file.path) or Verdict("", facts[file.path]["reason"])
            yield Drawing(name, package, file, facts[file.path], verdict)


def _facts(
    name: str, package: Package, files: list[ShelfFile], context: Context
) -> dict[str, dict[str, Any]]:
    """What each file says of itself, kept as one result per package."""
    results = context.results(f"{VERSION}:facts")
    kept = results.get(package.deb_sha256)
    if kept is None:
        context.progress.say(f"reading {name}: {len(files)} files")
        outcomes = workers.run(
            "corpus.categories.caption.render:describe",
            Inputs(package, files),
            context.workers,
            FILE_S,
            context.progress,
        )
        kept = {
            file.path: {"reason": outcome.failure} if outcome.failure else outcome.value
            for file, outcome in zip(files, outcomes, strict=True)
        }
        results.put(package.deb_sha256, kept)
    return dict(kept)


def filter(items: Iterable[Drawing], context: Context) -> Iterator[Drawing]:  # noqa: A001
    """Files with a caption of their own, a licence that does not contradict, and a picture."""
    own = []
    for item in items:
        declared = str(item.facts.get("licence", ""))
        subject = f"{item.file.path.removeprefix(WHERE)}: {item.facts.get('title', '')}"
        if item.verdict.reason:
            context.drop(item.source, "filter", item.verdict.reason, subject)
        elif declared and PUBLIC_DOMAIN not in declared.lower():
            context.drop(item.source, "filter", "declares another licence", f"{subject} {declared}")
        else:
            own.append(item)
    yield from _drawn(own, context)


def _drawn(items: list[Drawing], context: Context) -> Iterator[Drawing]:
    """The items with their pictures: kept drawings first, workers for the rest."""
    results = context.results(f"{VERSION}:{SIDE_PX}")
    blobs = Pictures(context.cache / "corpus" / "pictures")
    kept: dict[str, Any] = {
        item.file.sha256: _kept(results.get(item.file.sha256), blobs) for item in items
    }
    missing = list({i.file.sha256: i for i in items if kept[i.file.sha256] is None}.values())
    context.progress.say(f"drawing {len(missing)} of {len(items)} pictures")
    by_package = {item.package.name: item.package for item in items}
    for package in by_package.values():
        files = [item.file for item in missing if item.package is package]
        outcomes = workers.run(
            "corpus.categories.caption.render:render",
            Inputs(package, files, side_px=SIDE_PX), context.workers, FILE_S, context.progress,
        )  # fmt: skip
        for file, outcome in zip(files, outcomes, strict=True):
            kept[file.sha256] = _keep(outcome, blobs)
            if not outcome.failure:
                results.put(file.sha256, kept[file.sha256])
    for item in items:
        result = kept[item.file.sha256]
        if result["reason"]:
            context.drop(item.source, "draw", result["reason"], item.file.path.removeprefix(WHERE))
        else:
            yield _with_picture(item, result, blobs)


def _kept(result: dict[str, Any] | None, blobs: Pictures) -> dict[str, Any] | None:
    """A kept result, unless its picture is gone or changed."""
    if result and not result["reason"] and not blobs.is_whole(result["jpeg"]):
        return None
    return result


def _keep(outcome: workers.Outcome, blobs: Pictures) -> dict[str, Any]:
    """The result of one drawing with its bytes put among the pictures."""
    if outcome.failure or "jpeg" not in outcome.value:
        return {"reason": outcome.failure or outcome.value["reason"]}
    value = dict(outcome.value)
    return {**value, "jpeg": blobs.put(value["jpeg"]), "reason": ""}


def _with_picture(item: Drawing, result: dict[str, Any], blobs: Pictures) -> Drawing:
    sha256 = result["jpeg"]
    picture = Picture(sha256, result["width"], result["height"], "jpg", blobs.path(sha256))
    return Drawing(
        item.source, item.package, item.file, item.facts, item.verdict,
        picture, result["pixels"], result["renderer"], result["cropped"],
    )  # fmt: skip


def dedup(items: Iterable[Drawing], context: Context) -> Iterator[Drawing]:
    """Pictures whose pixels were not seen before."""
    seen: dict[str, str] = {}
    for item in items:
        assert item.picture is not None
        path = item.file.path.removeprefix(WHERE)
        keys = (item.pixels, item.picture.sha256)  # as drawn, and as encoded
        first = next((seen[key] for key in keys if key in seen), "")
        if first:
            context.drop(item.source, "dedup", "the same picture", f"{path} = {first}")
            continue
        seen |= dict.fromkeys(keys, path)
        yield item


def make(items: Iterable[Drawing], context: Context) -> Iterator[Sample]:
    """A question and its caption for each picture."""
    for item in items:
        assert item.picture is not None
        name = sample_id(
            "caption", item.source, item.file.path, item.file.sha256, item.verdict.caption
        )
        asked = ASKED[int(name[-8:], 16) % len(ASKED)]
        turns = (Turn("user", asked), Turn("assistant", item.verdict.caption))
        text_tokens = sum(context.text.count(t.content.replace("<image>", "")) for t in turns)
        yield Sample(
            name, "caption", item.source, "caption", "und", turns, (item.picture,), text_tokens,
            context.tower.tokens(item.picture.width, item.picture.height),
            item.package.origin(item.file, str(item.facts["licence"])), _changes(item),
        )  # fmt: skip


def _changes(item: Drawing) -> tuple[Change, ...]:
    drawn = Change(
        "draw",
        (("renderer", item.renderer), ("side_px", SIDE_PX), ("cropped", item.cropped), ("background", "white"),
         ("jpeg_quality", QUALITY), ("version", VERSION)),
    )  # fmt: skip
    edits = item.verdict.edits
    spelled = (Change("spell title", (("edits", list(edits)), ("title", item.facts["title"]))),)
    return (*(spelled if edits else ()), drawn)


def validate(samples: Iterable[Sample], context: Context) -> Iterator[Sample]:
    """Sound samples."""
    yield from pass_sound(samples, context)
