"""A block of a page: a heading, a paragraph, a list item, a table, code, or a figure.

While a page is walked, a picture is its number between two object replacement characters; page
text that holds that character loses it before, so that no page can name a picture it does not show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PLACE: Final = "\ufffc"
PLACED: Final = re.compile(f"{PLACE}(\\d+){PLACE}")


@dataclass(frozen=True, slots=True)
class Block:
    """Text in which `PLACE` stands for each of `pictures`, in order; a figure is nothing without."""

    text: str
    pictures: tuple[str, ...] = ()
    is_figure: bool = False

    @property
    def level(self) -> int:
        """The level of a heading, 0 for what is none."""
        marks = len(self.text) - len(self.text.lstrip("#"))
        return marks if self.text[marks : marks + 1] == " " else 0


def place(number: int) -> str:
    """How the picture of that number is written while its page is walked."""
    return f"{PLACE}{number}{PLACE}"


def block(text: str, sources: list[str], is_figure: bool = False) -> Block:
    """A block of walked text; `sources` are the pictures by number."""
    shown = tuple(sources[int(number)] for number in PLACED.findall(text))
    return Block(PLACED.sub(PLACE, text), shown, is_figure)


def without(one: Block, gone: set[str]) -> Block | None:
    """The block without those pictures; None where nothing is left, as of a figure without any."""
    if not gone.intersection(one.pictures):
        return one
    parts = one.text.split(PLACE)
    text = parts[0]
    for picture, after in zip(one.pictures, parts[1:], strict=True):
        text += ("" if picture in gone else PLACE) + after
    kept = tuple(picture for picture in one.pictures if picture not in gone)
    if (one.is_figure and not kept) or not text.strip(f" \n|-{PLACE if not kept else ''}"):
        return None
    lines = (line.rstrip() for line in text.split("\n"))
    return Block("\n".join(line for line in lines if line), kept, one.is_figure)
