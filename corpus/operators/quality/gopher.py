"""Gopher's rules for the quality of a page (Rae et al. 2021, appendix A.1.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from corpus.operators.quality.words import DIGIT, LETTER, Tokens, tokens
from corpus.operators.units import Hashes

LEAST_WORDS, MOST_WORDS = 50, 100_000
SHORTEST_MEAN, LONGEST_MEAN = 3, 10
SYMBOLS: Final = 0.1
BULLETS: Final = 0.9
ELLIPSES: Final = 0.3
WITH_LETTERS: Final = 0.8
STOP_WORDS: Final = ("the", "be", "to", "of", "and", "that", "have", "with")
LEAST_STOP_WORDS: Final = 2


def fault(text: str, found: Tokens | None = None) -> str:
    """Which rule a text breaks, or an empty string; `found` are its tokens where they are known."""
    found = found or tokens(text)
    lengths = found.lengths[found.having(LETTER | DIGIT)]
    if not LEAST_WORDS <= len(lengths) <= MOST_WORDS:
        return "too few words" if len(lengths) < LEAST_WORDS else "too many words"
    mean = float(lengths.mean())
    if not SHORTEST_MEAN <= mean <= LONGEST_MEAN:
        return "short words" if mean < SHORTEST_MEAN else "long words"
    return next((reason for reason, breaks in RULES.items() if breaks(text, found)), "")


def _hashes(text: str, found: Tokens) -> bool:
    return text.count("#") / len(found) > SYMBOLS


def _ellipses(text: str, found: Tokens) -> bool:
    return (text.count("...") + text.count("…")) / len(found) > SYMBOLS


def _bullets(text: str, _found: Tokens) -> bool:
    lines = text.splitlines()
    return sum(line.lstrip().startswith(("•", "-")) for line in lines) / len(lines) > BULLETS


def _broken_off(text: str, _found: Tokens) -> bool:
    if "..." not in text and "…" not in text:
        return False
    lines = text.splitlines()
    return sum(line.rstrip().endswith(("...", "…")) for line in lines) / len(lines) > ELLIPSES


def _without_letters(_text: str, found: Tokens) -> bool:
    return int(found.having(LETTER).sum()) / len(found) < WITH_LETTERS


def _without_stop_words(_text: str, found: Tokens) -> bool:
    present = (found.hashes(1)[:, None] == _stop_words()).any(axis=0)
    return int(present.sum()) < LEAST_STOP_WORDS


@cache
def _stop_words() -> Hashes:
    return tokens(" ".join(STOP_WORDS)).hashes(1)


RULES: Final[Mapping[str, Callable[[str, Tokens], bool]]] = {
    "hash signs": _hashes,
    "ellipses": _ellipses,
    "bullet lines": _bullets,
    "lines that break off": _broken_off,
    "words without letters": _without_letters,
    "hardly a stop word": _without_stop_words,
}
