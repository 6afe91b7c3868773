"""Openclipart's drawings: each with the title it was given, where that is its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from corpus.categories.base import Context
from corpus.categories.caption.item import Caption, Captioned
from corpus.categories.caption.render import VERSION
from corpus.categories.caption.titles import Verdict, judge, titled
from corpus.categories.pictures import FILE_S
from corpus.sample import Change
from corpus.shelf import Inputs, Package, ShelfFile
from infra import workers

WHERE: Final = "usr/share/openclipart/svg/"
PUBLIC_DOMAIN: Final = "publicdomain"


def read(name: str, package: Package, context: Context) -> Iterator[Captioned]:
    """Every file of the collection with what it says of itself, duplicates' folder last."""
    files = sorted(
        package.under(WHERE, (".svg",)), key=lambda f: ("/duplicates/" in f.path, f.path)
    )
    facts = _facts(name, package, files, context)
    verdicts = judge(titled(p, f) for p, f in facts.items() if not f["reason"])
    for file in files:
        known = facts[file.path]
        yield _captioned(name, package, file, known, verdicts.get(file.path))


def _captioned(
    name: str, package: Package, file: ShelfFile, facts: dict[str, Any], verdict: Verdict | None
) -> Captioned:
    title, declared = str(facts.get("title", "")), str(facts.get("licence", ""))
    subject = f"{file.path.removeprefix(WHERE)}: {title}"
    if verdict is None or verdict.reason:
        reason = verdict.reason if verdict else facts["reason"]
        return Captioned(name, package, (file,), (), subject, reason)
    if declared and PUBLIC_DOMAIN not in declared.lower():
        subject = f"{subject} {declared}"
        return Captioned(name, package, (file,), (), subject, "declares another licence")
    edits = verdict.edits
    spelled = (Change("spell title", (("edits", list(edits)), ("title", title))),)
    caption = Caption(verdict.caption, changes=spelled if edits else ())
    return Captioned(name, package, (file,), (caption,), subject, declared=declared)


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
