"""A block of a page: a heading, a paragraph, a list item, a table, code, or a figure.

While a page is walked, a picture is its number between two object replacement characters, and a
line of its caption begins with an annotation mark; page text loses both characters before, so that
no page can name a picture it does not show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

PLACE: Final = "\ufffc"
CAPTION: Final = "\ufff9"
GONE: Final = "\ufffa"
"""Where a picture is not shown; it leaves no trace."""
PARAGRAPH_CHARS: Final = 60
PLACED: Final = re.compile(f"{PLACE}(\\d+){PLACE}")


@dataclass(frozen=True, slots=True)
class Block:
    """Text in which `PLACE` stands for each of `pictures`, in order; a figure is nothing without.

    Lines that begin with `CAPTION` are the caption of the picture before them.
    """

    text: str
    pictures: tuple[str, ...] = ()
    is_figure: bool = False

    @property
    def level(self) -> int:
        """The level of a heading, 0 for what is none."""
        marks = len(self.text) - len(self.text.lstrip("#"))
        return marks if self.text[marks : marks + 1] == " " else 0


def is_paragraph(text: str) -> bool:
    """Whether a text is a paragraph that pages share or not; headings, code and short ones are none."""
    return len(text) >= PARAGRAPH_CHARS and not text.startswith(("#", "```"))


def place(number: int) -> str:
    """How the picture of that number is written while its page is walked."""
    return f"{PLACE}{number}{PLACE}"


def block(text: str, sources: list[str], is_figure: bool = False) -> Block:
    """A block of walked text; `sources` are the pictures by number."""
    shown = tuple(sources[int(number)] for number in PLACED.findall(text))
    return Block(PLACED.sub(PLACE, text), shown, is_figure)


def reworded(one: Block, change: Callable[[str], str]) -> Block:
    """The block with its words changed, and the marks of its pictures as they are."""
    return replace(one, text=PLACE.join(map(change, one.text.split(PLACE))))


def without(one: Block, gone: set[int]) -> Block | None:
    """The block without the pictures at those places, and without their captions.

    None where nothing is left, as of a figure without any picture.
    """
    if not gone:
        return one
    kept = tuple(p for place, p in enumerate(one.pictures) if place not in gone)
    lines, place, is_gone = [], 0, False
    for line in one.text.split("\n"):
        if line.startswith(CAPTION) and is_gone:
            continue
        first, *rest = line.split(PLACE)
        for after in rest:
            is_gone = place in gone
            first += ("" if is_gone else PLACE) + after
            place += 1
        lines.append(first.rstrip())
    text = "\n".join(line for line in lines if line)
    if (one.is_figure and not kept) or not text.strip(" \n|-"):
        return None
    return Block(text, kept, one.is_figure)


def without_empty_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without headings that nothing stands under."""
    kept: list[Block] = []
    for one in reversed(blocks):
        under = kept[-1].level or 99 if kept else 0
        if not one.level or under > one.level:
            kept.append(one)
    return kept[::-1]
