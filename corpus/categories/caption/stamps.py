"""Tux Paint's stamps: small pictures with one line about each, in many languages.

Beside `NAME.png` or `NAME.svg` lies `NAME.txt`: the first line in English, then `LOCALE.utf8=line`.
The same picture with a line in each language is several samples: what a thing is called in another
language is worth learning by itself. Spoken names and mirrored pictures are left aside.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

from corpus.categories.base import Context
from corpus.categories.caption.item import Caption, Captioned
from corpus.categories.caption.titles import FILE_NAME
from corpus.operators.sanity import clean
from corpus.sample import Change
from corpus.shelf import Package, ShelfFile

WHERE: Final = "usr/share/tuxpaint/stamps/"
FORMS: Final = (".svg", ".png")
"""The best first: what is drawn has the resolution we ask for."""
LOCALES: Final[Mapping[str, str]] = {"en": "en", "zh_CN": "zh", "zh_TW": "zh", "ja": "ja"}
LINE: Final = re.compile(r"([A-Za-z]{2,3}(?:_[A-Z]{2})?)\.utf8=(.*)")
TEXT_BYTES: Final = 64 * 1024
LONGEST: Final = 200
LETTERS: Final[Mapping[str, re.Pattern[str]]] = {
    "en": re.compile(r"[A-Za-z]"),
    "zh": re.compile(r"^(?=.*[\u3400-\u9fff])[^\u3040-\u30ff\uac00-\ud7af]*$"),
    "ja": re.compile(r"[\u3040-\u30ff\u3400-\u9fff]"),
}
ENDS: Final = re.compile(r"[\s.。．!！]+$")


def read(name: str, package: Package, context: Context) -> Iterator[Captioned]:
    """Every stamp with its lines in our languages, by path."""
    beside: dict[str, list[ShelfFile]] = {}
    for file in package.under(WHERE, (*FORMS, ".txt")):
        beside.setdefault(posixpath.splitext(file.path)[0], []).append(file)
    for stem, files in sorted(beside.items()):
        shown = [f for form in FORMS for f in files if f.path.endswith(form)]
        told = [f for f in files if f.path.endswith(".txt")]
        subject = stem.removeprefix(WHERE)
        topic = posixpath.dirname(subject)
        if not shown or not told:
            reason = "a picture without a line" if shown else "a line without a picture"
            yield Captioned(name, package, tuple(files), (), subject, reason)
        elif told[0].size_bytes > TEXT_BYTES:
            yield Captioned(name, package, tuple(shown), (), subject, "its lines are too many")
        else:
            captions = tuple(_own(name, subject, lines(package.read(told[0])), context))
            reason = "" if captions else "no line in our languages"
            yield Captioned(name, package, tuple(shown), captions, subject, reason, topic=topic)


def lines(data: bytes) -> dict[str, str]:
    """The line of each of our locales; the first one given counts."""
    first, *rest = clean(data.decode("utf-8", "replace")).split("\n")
    found = {"en": first}
    for line in rest:
        match = LINE.fullmatch(line.strip())
        if match and match[1] in LOCALES:
            found.setdefault(match[1], match[2])
    return {locale: " ".join(text.split()) for locale, text in found.items()}


def fault(text: str, language: str) -> str:
    """Why a line is no caption in that language, or an empty string."""
    checks = (
        (not text, "no line"),
        (len(text) > LONGEST, "line too long"),
        ("\ufffd" in text or "<" in text, "line is not text"),
        (FILE_NAME.search(text), "line names a file"),
        (not LETTERS[language].search(text), "line is not in its language"),
    )
    return next((reason for holds, reason in checks if holds), "")


def _own(name: str, subject: str, told: Mapping[str, str], context: Context) -> Iterator[Caption]:
    """The lines that are captions; words that two locales of a language share are given once."""
    seen: set[tuple[str, str]] = set()
    for locale, language in LOCALES.items():
        text = told.get(locale, "")
        reason = fault(text, language)
        key = (language, ENDS.sub("", text))
        if not reason and key in seen:
            reason = "the same words in another locale"
        if reason:
            context.drop(name, "lines", f"{reason} ({locale})", f"{subject}: {text}")
        else:
            seen.add(key)
            yield Caption(text, language, locale, (Change("line", (("locale", locale),)),))
