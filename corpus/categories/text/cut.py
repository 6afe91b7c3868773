"""Cutting a document into pieces that fit a context, at headings where that leaves good sizes."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.tokens import TextCounter

JOINT = "\n\n"
JOINT_TOKENS = 2


def pieces(blocks: Sequence[str], limit_tokens: int, counter: TextCounter) -> list[tuple[str, int]]:
    """Texts of at most `limit_tokens` with their tokens, no block split.

    A block longer than the limit stands alone and is refused later. A heading starts a new piece
    when the piece before it is already more than half full.
    """
    made: list[tuple[str, int]] = []
    open_blocks: list[str] = []
    size = 0
    for block in blocks:
        tokens = counter.count(block) + JOINT_TOKENS
        starts = block.startswith("#") and size * 2 > limit_tokens
        if open_blocks and (starts or size + tokens > limit_tokens):
            made.append(_close(open_blocks, size, counter))
            open_blocks, size = [], 0
        open_blocks.append(block)
        size += tokens
    if open_blocks:
        made.append(_close(open_blocks, size, counter))
    return made


def _close(blocks: list[str], size: int, counter: TextCounter) -> tuple[str, int]:
    text = JOINT.join(blocks)
    return text, size - JOINT_TOKENS if len(blocks) == 1 else counter.count(text)
