"""Openclipart's drawings: each with the title it was given, where that is its own.

A title is in the language that the file declares, unless it surely is in another or its creator's
titles are: nearly all files declare English, whatever they are called.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
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
SPELLED_OUT: Final = " (black and white)"
"""What `titles` writes in English whatever the title's language."""
SURE_TITLES: Final = 10
SURE_SHARE: Final = 0.8
"""So many of a creator's titles, and so much of those whose language is sure, tell the creator's."""


def read(name: str, package: Package, context: Context) -> Iterator[Captioned]:
    """Every file of the collection with what it says of itself, duplicates' folder last."""
    files = sorted(
        package.under(WHERE, (".svg",)), key=lambda f: ("/duplicates/" in f.path, f.path)
    )
    facts = _facts(name, package, files, context)
    verdicts = judge(titled(p, f) for p, f in facts.items() if not f["reason"])
    tree = topics.below(_folder(file) for file in files)
    own = spoken(facts, verdicts)
    for file in files:
        known = facts[file.path]
        topic = topics.topic(_folder(file), known.get("keywords", ()), tree)
        yield _captioned(name, package, file, known, verdicts.get(file.path), topic, own)


def _folder(file: ShelfFile) -> str:
    return posixpath.dirname(file.path.removeprefix(WHERE))


def _captioned(
    name: str, package: Package, file: ShelfFile, facts: dict[str, Any], verdict: Verdict | None,
    topic: str, creators: Mapping[str, str],
) -> Captioned:  # fmt: skip
    title, declared = str(facts.get("title", "")), str(facts.get("licence", ""))
    subject = f"{file.path.removeprefix(WHERE)}: {title}"
    if verdict is None or verdict.reason:
        reason = verdict.reason if verdict else facts["reason"]
        return Captioned(name, package, (file,), (), subject, reason)
    if declared and PUBLIC_DOMAIN not in declared.lower():
        subject = f"{subject} {declared}"
        return Captioned(name, package, (file,), (), subject, "declares another licence")
    own = next((creators[one] for one in facts["creators"] if one in creators), None)
    caption = in_language(title, verdict, declared_language(str(facts["language"])), own)
    return Captioned(name, package, (file,), (caption,), subject, declared=declared, topic=topic)


def spoken(
    facts: Mapping[str, Mapping[str, Any]], verdicts: Mapping[str, Verdict]
) -> dict[str, str]:
    """The language of each creator whose titles surely are in one."""
    sure: dict[str, Counter[str]] = defaultdict(Counter)
    for path, verdict in verdicts.items():
        if found := _title_language(verdict.caption):
            for creator in facts[path]["creators"]:
                sure[creator][found] += 1
    most = {creator: (count.most_common(1)[0], count.total()) for creator, count in sure.items()}
    return {
        creator: language
        for creator, ((language, titles), total) in most.items()
        if titles >= SURE_TITLES and titles >= SURE_SHARE * total
    }


def _title_language(caption: str) -> str | None:
    return surely(caption.replace(SPELLED_OUT, ""))


def in_language(title: str, verdict: Verdict, declared: str, spoken: str | None) -> Caption:
    """The caption that a verdict gives, in the language of its title or its creator, else as declared."""
    changes = []
    if edits := verdict.edits:
        changes.append(Change("spell title", (("edits", list(edits)), ("title", title))))
    found = _title_language(verdict.caption) or spoken or declared
    if found != declared:
        changes.append(Change("tell language", (("declared", declared), ("found", found))))
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
