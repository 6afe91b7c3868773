"""Cutting a page into pieces that fit a context, no picture parted from its text.

A heading stays with what follows it, a figure with the block it follows, a line that ends in a
colon with what it announces. What stays together is parted only where it does not fit by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from corpus.categories.gate import MARK
from corpus.categories.text.cut import JOINT
from corpus.operators.sanity import clean
from corpus.pages.block import CAPTION, PLACE, Block
from corpus.tokens import TextCounter


def pieces(
    blocks: Sequence[Block], image_tokens: Mapping[str, int], limit: int, counter: TextCounter
) -> list[list[Block]]:
    """Runs of blocks of at most `limit` text and image tokens; a block is never split.

    A block longer than the limit stands alone and is refused later. A heading starts a new piece
    when the piece before it is already more than half full.
    """

    def size_of(run: Sequence[Block]) -> int:
        return sum(weight(block, image_tokens, counter) for block in run)

    made: list[list[Block]] = []
    size = 0
    for unit in _units(blocks, limit, size_of):
        more = size_of(unit)
        starts = unit[0].level > 0 and size * 2 > limit
        if not made or starts or size + more > limit:
            made.append([])
            size = 0
        made[-1].extend(unit)
        size += more
    return made


def weight(block: Block, image_tokens: Mapping[str, int], counter: TextCounter) -> int:
    """What a block costs: its text with the joint behind it, and its pictures."""
    text = written([block]).replace(MARK, "")
    return counter.count(text) + 2 + sum(image_tokens[picture] for picture in block.pictures)


def written(blocks: Sequence[Block]) -> str:
    """The text of a piece, with `<image>` where a picture stands."""
    text = JOINT.join(block.text for block in blocks).replace(CAPTION, "")
    return clean(text).replace(PLACE, MARK)


def _units(
    blocks: Sequence[Block], limit: int, size_of: Callable[[Sequence[Block]], int]
) -> list[list[Block]]:
    """Blocks that stay together; those that do not fit so stand alone."""
    units: list[list[Block]] = []
    for block in blocks:
        before = units[-1][-1] if units else None
        stays = before is not None and (
            before.level > 0 or block.is_figure or before.text.rstrip().endswith((":", "："))
        )
        if stays and size_of([*units[-1], block]) <= limit:
            units[-1].append(block)
        else:
            units.append([block])
    return units
