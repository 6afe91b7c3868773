"""What operators compute, said plainly: a set of strings for each text, and its Jaccard index."""

from __future__ import annotations

import re

UNIT = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+"
)
WIDTH = 5


def units(text: str) -> list[str]:
    return UNIT.findall(text.lower())


def shingles(text: str) -> set[tuple[str, ...]]:
    found = units(text)
    if not found:
        return set()
    return {tuple(found[n : n + WIDTH]) for n in range(max(1, len(found) - WIDTH + 1))}


def jaccard(one: str, other: str) -> float:
    first, second = shingles(one), shingles(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def is_plain(text: str) -> bool:
    """Whether the pattern above and the rule agree on every character: neither marks nor rare scripts."""
    return all(ord(char) < 0x300 or char in "你好ｗ\ud800" for char in text)
