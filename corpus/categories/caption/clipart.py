"""Openclipart's drawings: each with the title it was given, where that is its own.

A title is in the language that the file declares, unless it surely is in another: nearly all files
declare English, whatever they are called.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from corpus.categories.base import Context
from corpus.categories.caption import topics
from corpus.categories.caption.item import UNKNOWN, Caption, Captioned
from corpus.categories.caption.svg import VERSION
from corpus.categories.caption.titles import Verdict, judge, titled
from corpus.categories.pictures import FILE_S
from corpus.operators.language import surely
from corpus.sample import Change
from corpus.shelf import Inputs, Package, ShelfFile
from infra import workers

WHERE: Final = "usr/share/openclipart/svg/"
PUBLIC_DOMAIN: Final = "publicdomain"
SPELLED: Final[Mapping[str, str]] = {"eng": "en", "english": "en"}
LANGUAGE: Final = re.compile(r"[a-z]{2}(?![a-z])")


def read(name: str, package: Package, context: Context) -> Iterator[Captioned]:
    """Every file of the collection with what it says of itself, duplicates' folder last."""
    files = sorted(
        package.under(WHERE, (".svg",)), key=lambda f: ("/duplicates/" in f.path, f.path)
    )
    facts = _facts(name, package, files, context)
    verdicts = judge(titled(p, f) for p, f in facts.items() if not f["reason"])
    tree = topics.below(_folder(file) for file in files)
    for file in files:
        known = facts[file.path]
        topic = topics.topic(_folder(file), known.get("keywords", ()), tree)
        yield _captioned(name, package, file, known, verdicts.get(file.path), topic)


def _folder(file: ShelfFile) -> str:
    return posixpath.dirname(file.path.removeprefix(WHERE))


def _captioned(
    name: str, package: Package, file: ShelfFile, facts: dict[str, Any], verdict: Verdict | None,
    topic: str,
) -> Captioned:  # fmt: skip
    title, declared = str(facts.get("title", "")), str(facts.get("licence", ""))
    subject = f"{file.path.removeprefix(WHERE)}: {title}"
    if verdict is None or verdict.reason:
        reason = verdict.reason if verdict else facts["reason"]
        return Captioned(name, package, (file,), (), subject, reason)
    if declared and PUBLIC_DOMAIN not in declared.lower():
        subject = f"{subject} {declared}"
        return Captioned(name, package, (file,), (), subject, "declares another licence")
    caption = _caption(title, verdict, declared_language(str(facts["language"])))
    return Captioned(name, package, (file,), (caption,), subject, declared=declared, topic=topic)


def _caption(title: str, verdict: Verdict, language: str) -> Caption:
    changes = []
    if edits := verdict.edits:
        changes.append(Change("spell title", (("edits", list(edits)), ("title", title))))
    found = surely(verdict.caption) or language
    if found != language:
        changes.append(Change("tell language", (("declared", language), ("found", found))))
    return Caption(verdict.caption, found, changes=tuple(changes))


def declared_language(said: str) -> str:
    """The language that a file declares, in two letters, or `und` where it names none or all."""
    plain = said.strip().lower()
    match = LANGUAGE.match(plain)
    return SPELLED.get(plain) or (match[0] if match else UNKNOWN)


def _facts(
    name: str, package: Package, files: list[ShelfFile], context: Context
) -> dict[str, dict[str, Any]]:
    """What each file says of itself, kept as one result per package."""
    results = context.results(VERSION)
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
