"""When a reading of a picture agrees with a name, and of which names a reading can be asked.

It compares letters and digits, because
what an engine makes of dots and dashes says nothing about boxes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from grounding import elements
from grounding.scene import Node, Scene

LETTERS: Final = 3
"""Shorter names are read by chance."""
ALIKE: Final = 0.8
"""At least so much of a name must be read."""
WHOLE: Final = 0.999
"""The share of an element that must lie inside the screen and all that clips it."""
DOTS: Final = ("..", "…")
ICON: Final = 3
"""An icon before a name is read as fewer characters than this."""
MOST: Final = 400
"""Characters of a name that are compared."""
LATIN: Final = "latin"
HAN: Final = "han"
ARABIC: Final = "arabic"
HEBREW: Final = "hebrew"
SCRIPTS: Final = {"LATIN": LATIN, "CJK": HAN, "ARABIC": ARABIC, "HEBREW": HEBREW}
"""Scripts that an engine here reads, by the first word of their letters' names."""


def why_not(node: Node, scene: Scene) -> str | None:
    """The reason a node's box cannot be asked for its name, None where it can."""
    if elements.data_type(node) != "text" or not node.name:
        return "not_text"
    if sum(character.isalpha() for character in plain(node.name)) < LETTERS:
        return "short"
    if script(node.name) is None:
        return "script"
    texts = [below for below in scene.descendants(node.id) if below.kind == "text"]
    is_cut = any("clipped" in one.element.states for one in (node, *texts))
    return "cut" if is_cut or node.ratio < WHOLE else None


def script(name: str) -> str | None:
    """The script of a name: one from right to left if it has any, then Han, then Latin."""
    kinds = {unicodedata.name(c, "?").split()[0] for c in plain(name) if c.isalpha()}
    if not kinds <= SCRIPTS.keys():
        return None
    found = {SCRIPTS[kind] for kind in kinds}
    return next((one for one in (ARABIC, HEBREW, HAN, LATIN) if one in found), None)


def plain(text: str) -> str:
    """Letters and digits in their compatible form, without case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())[:MOST]


def is_elided(name: str, segments: Sequence[str]) -> bool:
    """Whether the program shows the name's beginning and dots in the place of the rest.

    The beginning may be read in several pieces, the last of which has the dots.
    """
    return bool(segments) and segments[-1].rstrip().endswith(DOTS) and is_begun(name, segments)


def is_begun(name: str, segments: Sequence[str]) -> bool:
    """Whether what was read, or the end of it, is the name's beginning and not all of it."""
    said = [one.rstrip() for one in segments if plain(one)]
    return any(_begins(name, "".join(said[first:])) for first in range(len(said)))


def _begins(name: str, read: str) -> bool:
    """Whether what was read is a beginning of the name, an icon before it apart."""
    whole, length = plain(name), len(plain(read))
    if not 0 < length < len(whole):
        return False
    return any(agrees(whole[: length - icon], [read]) for icon in range(min(ICON, length)))


def agrees(name: str, segments: Sequence[str]) -> bool:
    """Whether what was read, or a run of its words, is the name by `ALIKE`."""
    return likeness(name, segments) >= ALIKE


def likeness(name: str, segments: Sequence[str]) -> float:
    """1 less the fewest edits from the name to a run of whole words, as a share of the name.

    A box holds more than its name where it shows a shortcut or a count beside it.
    """
    wanted = plain(name)
    words = [word for segment in segments for word in map(plain, segment.split()) if word]
    if not wanted or not words:
        return 0.0
    return max(0.0, 1 - _edits(wanted, words) / len(wanted))


def _edits(wanted: str, words: Sequence[str]) -> int:
    """The fewest insertions, deletions and replacements from a text to a run of whole words.

    A run may begin only before a word and end only after one.
    """
    starts, ends, at = {0}, set[int](), 0
    for word in words:
        at += len(word)
        ends.add(at)
        starts.add(at)
    read = "".join(words)
    above = [0]
    for column in range(1, len(read) + 1):
        above.append(0 if column in starts else above[-1] + 1)
    for character in wanted:
        line = [above[0] + 1]
        for column, seen in enumerate(read, 1):
            replaced = above[column - 1] + (character != seen)
            line.append(min(above[column] + 1, line[-1] + 1, replaced))
        above = line
    return min(above[end] for end in ends)
