"""Which title is a caption of its own picture, and which is a collection's, a person's or a file's.

A collection shows by its title standing over many files whose names have nothing to do with it.
What is rewritten is only spelling for machines: underscores, serial numbers, collection prefixes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST_FILES: Final = 16
SHARED_SUFFIX: Final = 3
CREDIT: Final = re.compile(r"^clip\s?art by [^-]+ - ", re.IGNORECASE)
COLLECTION: Final = re.compile(
    r"\b(?:collection|icon[ _-]?theme|icon[ _-]?set|svg theme|clip ?arts?|submission|sibmission)\b|^part of\b",
    re.IGNORECASE,
)
NOT_TEXT: Final = re.compile(
    r"^(?:.*\S@\S.*|https?:\S+|hash\(0x.*|[\W\d_]+|r\d+\b.*|untitled.*|test.*)$", re.IGNORECASE
)
FILE_NAME: Final = re.compile(r"\.(?:svgz?|png|jpe?g|eps|ai|wmf|py|xcf|pdf)\b", re.IGNORECASE)
BROKEN: Final = re.compile(r"[\x80-\x9f\ufffd]")
DATE: Final = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b|\d\d:\d\d:\d\d")
SERIAL: Final = re.compile(
    r"(?<=[a-z]{3})\d{1,3}$|\s*#\d+$|(?<=[a-z\s])\s*\b0\d{1,3}$|(?<=[a-z]{3})-0?\d{1,3}$"
)
ARCHIVE: Final = re.compile(r"^0\d+ (?=\D{4})| openclipart$", re.IGNORECASE)
ABOUT_THE_FILE: Final = re.compile(
    r"@|https?:|hash\(0x|inkscape|sodipodi|illustrator|licen[cs]|public domain|copyright|convert|vectori[sz]"
    r"|part of|collection|tutorial|clip ?art|my first|submi|draw(?:n|ing) (?:by|with|in)|made (?:by|with|in)"
    r"|traced|thank|example|malformed|version|\byour?\b|\bseus\b|\bsite\b|website|\bgimp\b|\bfiles?\b|"
    r"\bsvg\b|see also|created (?:by|with|in|for)|contact|i made|i did|\bI\b|\bmy\b|\bdone\b|derived from"
    r"|based on|prototype|this image|in case some|free to|looks? best|ideal for|can be removed|still needs"
    r"|easy to change",
    re.IGNORECASE,
)
GREETING: Final = re.compile(r"[ ,.!]*\benjoy(?: it)?\b[ .!]*$", re.IGNORECASE)
NICKNAME_CHARS: Final = 3


@dataclass(frozen=True, slots=True)
class Titled:
    """A file's path and what it says of itself."""

    path: str
    title: str
    description: str
    creators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A caption, or why there is none; `edits` names what was rewritten."""

    caption: str
    reason: str = ""
    edits: tuple[str, ...] = ()


def judge(files: Iterable[Titled]) -> dict[str, Verdict]:
    """The verdict on each file, by path, seen among all of them."""
    listed = list(files)
    over: dict[str, set[str]] = defaultdict(set)
    for file in listed:
        over[file.title.lower()].add(file.path.rsplit("/", 1)[-1])
    suffixes = Counter(
        part for title in {f.title for f in listed} if " - " in title
        for part in [title.rsplit(" - ", 1)[1].lower()]
    )  # fmt: skip
    shared = {part for part, count in suffixes.items() if count >= SHARED_SUFFIX}
    descriptions = Counter(file.description.lower() for file in listed)
    return {file.path: _verdict(file, over, shared, descriptions) for file in listed}


def _verdict(
    file: Titled,
    over: Mapping[str, set[str]],
    shared: set[str],
    descriptions: Mapping[str, int],
) -> Verdict:
    reason = _not_own(file, len(over[file.title.lower()]))
    if reason:
        return Verdict("", reason)
    caption, edits = _spell(file, shared)
    if len(re.findall(r"[^\W_]", caption)) < 2 or not re.search(r"[^\W\d_]", caption):
        return Verdict("", "title too short")
    description = GREETING.sub("", file.description)
    is_own = descriptions[file.description.lower()] <= 2 and description not in file.creators
    if is_own and _says_more(description, caption):
        caption = f"{caption.rstrip('.')}. {description[:1].upper()}{description[1:]}"
        edits = (*edits, "description added")
    return Verdict(caption, "", edits)


def _not_own(file: Titled, files_with_title: int) -> str:
    """Why a title is no caption of this picture, or an empty string."""
    title = file.title
    unlike = files_with_title > 2 and not _names_its_file(title, file.path)
    checks = (
        (not title, "no title"),
        (NOT_TEXT.match(title) or BROKEN.search(title), "title is not text"),
        (FILE_NAME.search(title) or DATE.search(title), "title is a file's name or a date"),
        (title.lower() in {c.lower() for c in file.creators}, "title is a person's name"),
        (COLLECTION.search(CREDIT.sub("", title)), "title is a collection's"),
        (files_with_title > MOST_FILES or unlike, "title is a collection's"),
    )
    return next((reason for holds, reason in checks if holds), "")


def _names_its_file(title: str, path: str) -> bool:
    """Whether the file's name begins as the title does: the archive names files after titles."""
    return _slug(path.rsplit("/", 1)[-1]).startswith(_slug(title)[:5])


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^a-z0-9]", "", plain)


def _spell(file: Titled, shared: set[str]) -> tuple[str, tuple[str, ...]]:
    """The title as a person would write it, and what was done to it."""
    edits = []
    text = _uncredited(CREDIT.sub("", file.title), file.creators)
    if text != file.title:
        edits.append("credit removed")
    if " - " in text and text.rsplit(" - ", 1)[1].lower() in shared:
        text = text.rsplit(" - ", 1)[0]
        edits.append("collection suffix removed")
    spelled = re.sub(
        r"[_ ](?:bw|b_w|n&b)$", " (black and white)", text.replace("_", " "), flags=re.IGNORECASE
    )
    spelled = re.sub(r"\(?\bB (?:and|&) W\)?", "(black and white)", spelled)
    if " " not in spelled and "-" in spelled.strip("-") and spelled.islower():
        spelled = spelled.replace("-", " ")
    if spelled != text:
        edits.append("underscores and short forms spelled out")
    bare = SERIAL.sub("", ARCHIVE.sub("", spelled)).strip()
    if bare != spelled and bare:
        edits.append("serial number or archive's name removed")
        spelled = bare
    return " ".join(spelled.split()).strip(" -"), tuple(edits)


def _uncredited(text: str, creators: Iterable[str]) -> str:
    """The title without its creator's name at its end: the whole name, the last of it, or a nickname."""
    for parts in (creator.split() for creator in creators if " " in creator):
        found = re.match(r"(.*\S) +\(?([^\W\d_]+ [^\W\d_]+)\)?$", text)
        if found and set(found[2].split()) <= set(parts):
            text = found[1]
        *before, last = re.split(r"[ _-]", text)
        nicknames = {p.lower() for p in parts if p.isupper() and len(p) <= NICKNAME_CHARS}
        if before and (last == parts[-1] or last.lower() in nicknames):
            text = text[: -len(last) - 1]
    return text


def _says_more(description: str, caption: str) -> bool:
    """Whether a description says something of the picture that its title does not."""
    words = re.findall(r"[^\W\d_]{2,}", description)
    if not 3 <= len(words) <= 60 or ABOUT_THE_FILE.search(description):
        return False
    known = {word.lower() for word in re.findall(r"[^\W\d_]{2,}", caption)}
    return sum(word.lower() not in known for word in words) >= 2


def titled(path: str, facts: Mapping[str, Any]) -> Titled:
    """The values of `svg.inspect` for one file."""
    return Titled(path, facts["title"], facts["description"], tuple(facts["creators"]))
