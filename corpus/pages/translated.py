"""What of a page is in the language it is filed under: translations are often half done.

What is not translated yet stands there in English. A paragraph is taken for English where the
detector says so or, in a language that is not written in Latin letters, where few others stand in
it. A section, from one heading to the next, stays where two thirds of its paragraphs are
translated; in one that stays, the others go. Code and tables share their section's fate.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from corpus.operators.language import LETTERS, by_line
from corpus.pages.block import PLACE, Block, without_empty_headings

FILED: Final = re.compile(
    r"/(?:html/(?P<book>[a-z]{2})-[A-Z]{2}|translations/(?P<kernel>[a-z]{2})_[A-Z]{2}"
    r"|help/(?P<help>[a-z]{2})(?:_[A-Z]{2})?|man/(?!zh)(?P<manual>[a-z]{2})(?:_[A-Z]{2})?)/"
    r"|/[^/.]+\.(?P<ending>ca|cs|da|de|en|es|fi|fr|id|it|ja|ko|nl|pl|pt|ru|sv|tr|uk|vi|zh)(?:-[a-z]{2})?\.html$"
)
TAKEN_FOR: Final[Mapping[str, str]] = {
    "nb": "no", "nn": "no", "da:no": "no", "sv:no": "no", "ms:id": "id", "sr:hr": "hr", "sh:hr": "hr",
    "bs:hr": "hr",
}  # fmt: skip
"""Names of one language, and near ones that the detector takes a language for (`found:asked`)."""
ORIGINAL: Final = "en"
OTHER_LETTERS: Final = frozenset(("ar", "el", "fa", "ja", "ko", "ru", "uk", "zh"))
LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
OTHER_SHARE: Final = 0.2
SHARE: Final = 2 / 3
PARAGRAPH_LETTERS: Final = 40
TOLD_LETTERS: Final = 30
"""A figure's number and title have fewer; they are numbered in the language of the page, whatever they say."""
DENSE: Final = frozenset(("ja", "ko", "zh"))
DENSE_LETTERS: Final = 12
"""A Chinese sentence is short in letters."""
NOT_PROSE: Final = re.compile(r"`[^`]*`|\S*[/@_\\]\S*")
"""Code, paths, addresses and names of programs, which no language owns."""


@dataclass(frozen=True, slots=True)
class Own:
    """The blocks that stay, the letters of theirs by language, and the texts that went."""

    blocks: list[Block]
    letters: dict[str, int]
    lost: list[str] = field(default_factory=list)


def filed_under(path: str) -> str | None:
    """The language that a file's path names, as the detector calls it."""
    found = FILED.search(path)
    if not found:
        return None
    code = found[str(found.lastgroup)]
    return TAKEN_FOR.get(code, code)


def own(blocks: Sequence[Block], asked: str | None) -> Own:
    """The blocks in the language asked for; all of them where none is."""
    kept: list[Block] = []
    letters: Counter[str] = Counter()
    lost: list[str] = []
    for section in _sections(blocks):
        counts = [_letters(one.text, asked) for one in section]
        least = DENSE_LETTERS if asked in DENSE else TOLD_LETTERS
        stays = asked in {None, ORIGINAL} or _share(section, counts, least) >= SHARE
        for one, count in zip(section, counts, strict=True):
            if _stays(one, count, stays) or asked in {None, ORIGINAL}:
                kept.append(one)
                letters.update(count)
            else:
                lost.append(one.text)
    return Own(without_empty_headings(kept), dict(letters), lost)


def _stays(one: Block, count: Mapping[str, int], section_stays: bool) -> bool:
    """Whether a block stays; of a section that goes a translated heading does, for those below it."""
    if section_stays:
        return not _is_original(one, count)
    return one.level > 0 and count.get(ORIGINAL, 0) * 2 < _prose(count)


def _letters(text: str, asked: str | None) -> dict[str, int]:
    """Letters of a block by language, near languages as the one asked for."""
    if text.startswith("```") or asked is None:
        return by_line([text.replace(PLACE, "")])
    text = NOT_PROSE.sub(" ", text.replace(PLACE, "").lstrip("#"))
    if asked in OTHER_LETTERS:
        count = len(LETTERS.findall(text))
        latin = len(LATIN.findall(text))
        said = asked if count - latin > OTHER_SHARE * count else ORIGINAL
        return {said: count} if count else {}
    letters: Counter[str] = Counter()
    for found, count in by_line([text]).items():
        known = TAKEN_FOR.get(found, found)
        letters[TAKEN_FOR.get(f"{known}:{asked}", known)] += count
    return dict(letters)


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    section: list[Block] = []
    for one in blocks:
        if one.level and section:
            yield section
            section = []
        section.append(one)
    if section:
        yield section


def _share(section: Sequence[Block], counts: Sequence[Mapping[str, int]], least: int) -> float:
    """The share of translated blocks, those of less than `least` letters aside where there are others.

    Of a section without prose all is: a heading is too short to tell.
    """
    said = (pair for pair in zip(section, counts, strict=True) if not _is_table(pair[0]))
    told = [count for one, count in said if not one.level and _prose(count)]
    told = [c for c in told if _prose(c) >= least] or told
    return sum(c.get(ORIGINAL, 0) * 2 < _prose(c) for c in told) / len(told) if told else 1.0


def _is_original(one: Block, count: Mapping[str, int]) -> bool:
    """Whether a block is a paragraph of the original; a table of names looks like one and is none."""
    prose = _prose(count)
    is_long = prose >= PARAGRAPH_LETTERS and not _is_table(one)
    return is_long and count.get(ORIGINAL, 0) * 2 >= prose


def _is_table(one: Block) -> bool:
    return one.text.lstrip().startswith("|")


def _prose(count: Mapping[str, int]) -> int:
    return sum(letters for language, letters in count.items() if language != "code")
