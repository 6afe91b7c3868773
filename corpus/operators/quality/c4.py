"""C4's rules for the lines of a page, and for pages by what remains (Raffel et al. 2020, 2.2)."""

from __future__ import annotations

import re
from typing import Final

from corpus.operators.quality.words import sentences

CITATION: Final = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
ENDS: Final = (".", "?", "!", '"', "'")
MAY_END: Final = (*ENDS, "]")
"""Ends of lines that stay, or may where a citation is taken off."""
POLICIES: Final = (
    "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies",
    "use cookies",
)  # fmt: skip
LEAST_WORDS: Final = 3
LONGEST_WORD: Final = 1000
LEAST_SENTENCES: Final = 5


def kept_lines(text: str) -> tuple[dict[int, str], str]:
    """The lines that stay, by number and without citations, and why the page goes where it does."""
    kept: dict[int, str] = {}
    count = 0
    for number, line in enumerate(text.splitlines()):
        line = line.strip()  # noqa: PLW2901 - what is looked at is the line without its edges
        if not line.endswith(MAY_END):
            continue
        stays, reason = _line(line)
        if reason:
            return {}, reason
        if stays:
            kept[number] = stays
            count += len(sentences(stays)) if count < LEAST_SENTENCES else 0
    return (kept, "") if count >= LEAST_SENTENCES else ({}, "too few sentences")


def _line(line: str) -> tuple[str, str]:
    """The line as it stays, empty where it goes; and why the page goes."""
    whole = line
    if "[" in line:
        line = CITATION.sub("", line)
    if not line.endswith(ENDS) or line.endswith("..."):
        return "", ""
    words = whole.split()
    if len(words) < LEAST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        return "", ""
    lower = line.lower()
    if "lorem ipsum" in lower:
        return "", "lorem ipsum"
    if "javascript" in lower:
        return "", ""
    if "{" in line:
        return "", "a curly bracket"
    return ("", "") if any(policy in lower for policy in POLICIES) else (line, "")
