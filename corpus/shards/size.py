"""How many bytes a sample will take in a shard, known before any is written."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.sample import Sample
from corpus.select import Pick
from corpus.shards import tar
from corpus.shards.chat import encoded


def line_bytes(sample: Sample) -> int:
    """The sample's line in `messages.jsonl`, its end included, in the first pass and sequence 0."""
    return len(encoded(Pick(sample, 0), 0))


def pictures_bytes(sizes: Iterable[int]) -> int:
    """The tar members of pictures of those sizes."""
    return sum(tar.BLOCK + padded(size) for size in sizes)


def padded(size: int) -> int:
    """A member's data in whole blocks."""
    return -(-size // tar.BLOCK) * tar.BLOCK
