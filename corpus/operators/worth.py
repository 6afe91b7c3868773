"""Scores: what a sample is worth by one measure, as a number beside it that recipes may bound.

A score is a pure function of the sample, rounded, so that equal samples have equal scores on every
machine. It changes no sample: a recipe that asks for more leaves some out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from typing import Final

LEVEL: Final = 1
DIGITS: Final = 3
LETTER: Final = re.compile(r"[^\W\d_]")


def compression(text: str) -> float:
    """How small the text becomes: what repeats itself is near 0, what never does near 1."""
    data = text.encode("utf-8", "replace")
    return round(min(1.0, len(zlib.compress(data, LEVEL)) / max(1, len(data))), DIGITS)


def letters(text: str) -> float:
    """Which share of what is no space is letters: tables, lists of numbers and code have few."""
    solid = len(text) - sum(map(text.count, " \n\t"))
    return round(len(LETTER.findall(text)) / max(1, solid), DIGITS)


SCORES: Final[Mapping[str, Callable[[str], float]]] = {
    "compression": compression,
    "letters": letters,
}


def scores(text: str) -> tuple[tuple[str, float], ...]:
    """Every score of a text."""
    return tuple((name, score(text)) for name, score in SCORES.items())
