"""Gopher's rules against repetition within a page (Rae et al. 2021, table A1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from corpus.operators.folded import Places
from corpus.operators.quality.words import Tokens, tokens
from corpus.operators.units import Hashes

BREAK: Final = re.compile(r"\n{2,}")
REPEATED_PARTS: Final = 0.3
REPEATED_CHARS: Final = 0.2
TOP: Final = ((2, 0.2), (3, 0.18), (4, 0.16))
REPEATED: Final = ((5, 0.15), (6, 0.14), (7, 0.13), (8, 0.12), (9, 0.11), (10, 0.10))
PLACE: Final = (1 << 16) - 1
LEAST_REPEATED: Final = min(share for _, share in REPEATED)


def fault(text: str, found: Tokens | None = None) -> str:
    """Which rule a text breaks, or an empty string; `found` are its tokens where they are known."""
    return fault_of_lines(text) or _fault_of_words(text, found or tokens(text))


def fault_of_lines(text: str) -> str:
    """The same of its lines and paragraphs alone, which holds for texts in any language."""
    if not text:
        return ""
    for split, name in ((_paragraphs, "paragraphs"), (_lines, "lines")):
        parts = split(text)
        count, chars = _repeated(parts)
        if count / len(parts) > REPEATED_PARTS or chars / len(text) > REPEATED_CHARS:
            return f"repeated {name}"
    return ""


def _paragraphs(text: str) -> list[str]:
    text = text.strip()
    return BREAK.split(text) if "\n\n\n" in text else text.split("\n\n")


def _lines(text: str) -> list[str]:
    """The lines that are not empty; where the text begins or ends with a break, an empty one there."""
    parts = text.split("\n")
    return [part for n, part in enumerate(parts) if part or n in {0, len(parts) - 1}]


def _repeated(parts: Sequence[str]) -> tuple[int, int]:
    """How many parts were there before, and their characters."""
    if len(set(parts)) == len(parts):
        return 0, 0
    seen: set[str] = set()
    count = chars = 0
    for part in parts:
        if part in seen:
            count, chars = count + 1, chars + len(part)
        seen.add(part)
    return count, chars


def _fault_of_words(text: str, found: Tokens) -> str:
    single = found.hashes(1) if len(found) else np.empty(0, np.uint64)
    for width, share in TOP:
        if len(found) >= width and _top(found, single, width) / len(text) > share:
            return f"one run of {width} words"
    return _fault_of_runs(text, found)


def _fault_of_runs(text: str, found: Tokens) -> str:
    for width, share in REPEATED:
        if len(found) < width:
            return ""
        hashes = found.hashes(width)
        again, places = _again(hashes)
        covered = _covered(found, again, width)
        if covered <= LEAST_REPEATED * len(text):
            return ""  # what longer runs cover, these cover too
        over = covered > share * len(text)
        if over and _walked(found, hashes, places, width) / len(text) > share:
            return f"repeated runs of {width} words"
    return ""


def _top(found: Tokens, single: Hashes, width: int) -> int:
    """The characters of all places of the commonest run, words joined by spaces; the first of equals."""
    count = len(single) - width + 1
    hashes = single[:count]
    for step in range(1, width):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + single[step : step + count]
    ordered = np.sort(hashes)
    changes = np.flatnonzero(ordered[1:] != ordered[:-1])
    lasts = np.empty(len(changes) + 2, np.int64)  # where the equals of each value end
    lasts[0], lasts[1:-1], lasts[-1] = -1, changes, count - 1
    times = lasts[1:] - lasts[:-1]
    most = int(times.max())
    first = 0
    if most > 1:
        values = ordered[lasts[1:][times == most]]
        nearest = np.minimum(np.searchsorted(values, hashes), len(values) - 1)
        first = int((values[nearest] == hashes).argmax())
    return most * (int(found.at[first + width] - found.at[first]) + width - 1)


def _again(hashes: Hashes) -> tuple[Places, Places]:
    """Where runs are that were there before; and where all are that are there more than once."""
    order = _order(hashes)
    ordered = hashes[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    twice = np.zeros(len(hashes), np.bool_)
    twice[order[same + 1]] = True
    again = np.flatnonzero(twice)
    twice[order[same]] = True
    return again, np.flatnonzero(twice)


def _order(hashes: Hashes) -> Places:
    """The places of hashes, ascending, of equals the first first.

    A short text's hashes are sorted with their places in their lowest bits, which is quicker.
    """
    if len(hashes) > PLACE + 1:
        return np.argsort(hashes, kind="stable")
    keyed = (hashes & ~np.uint64(PLACE)) | np.arange(len(hashes), dtype=np.uint64)
    keyed.sort()
    return (keyed & np.uint64(PLACE)).astype(np.int64)


def _covered(found: Tokens, again: Places, width: int) -> int:
    """The characters of all words in repeated runs: as many as can be counted, or more."""
    starts, ends = found.at[again], found.at[again + width]
    starts[1:] = np.maximum(starts[1:], ends[:-1])
    return int((ends - starts).sum())


def _walked(found: Tokens, hashes: Hashes, places: Places, width: int) -> int:
    """The characters of repeated runs that do not overlap, taken from the start."""
    seen: set[int] = set()
    chars = free = 0
    at = found.at
    for place, value in zip(places.tolist(), hashes[places].tolist(), strict=True):
        if place < free:
            continue
        if value in seen:
            chars += int(at[place + width] - at[place])
            free = place + width
        seen.add(value)
    return chars
