"""A document between reading and making: blocks in reading order, in which pictures may stand."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.operators.language import main_language
from corpus.pages.block import Block
from corpus.sample import Change, Origin


@dataclass(frozen=True, slots=True)
class Document:
    """A document, a page or a part of one, with its languages by letters."""

    source: str
    part: str
    blocks: tuple[Block, ...]
    letters: dict[str, int]
    origin: Origin
    changes: tuple[Change, ...]
    traits: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> str:
        """What it is called where it is named."""
        return f"{self.origin.file}#{self.part}"

    @property
    def language(self) -> str:
        """The language most of it is in."""
        return main_language(self.letters)

    @property
    def texts(self) -> list[str]:
        """The text of each block."""
        return [block.text for block in self.blocks]

    @property
    def shown(self) -> str:
        """What it is told from others by: all that it says and shows."""
        return "\n".join(self.texts)
