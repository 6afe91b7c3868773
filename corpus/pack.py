"""The packer: samples of one category into sequences of a context's length, none split.

Samples come in their order by rank and wait in a pool. A sequence begins with the one that waits
longest and takes the largest that fits, until none does; once no more come, it begins with the
largest, so that the last sequences are full too. At most `WAITING` samples wait, which bounds
memory and how far a sample moves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from corpus.select import Take

WAITING: Final = 1024
WORD: Final = 64
"""Lengths that share a word of the pool's bitset."""


@dataclass(slots=True)
class Sequence:
    """Samples that fill one context together."""

    category: str
    takes: list[Take] = field(default_factory=list)
    tokens: int = 0


def pack(category: str, takes: Iterable[Take], context_tokens: int) -> Iterator[Sequence]:
    """Sequences of at most `context_tokens`, which no sample is longer than."""
    coming, pool = iter(takes), _Pool(context_tokens)
    while True:
        for take in islice(coming, WAITING - pool.waiting):
            pool.put(take)
        if not pool.waiting:
            return
        yield _filled(Sequence(category), pool, is_last=pool.waiting < WAITING)


def _filled(sequence: Sequence, pool: _Pool, *, is_last: bool) -> Sequence:
    room = pool.most
    size = pool.largest(room) if is_last else pool.oldest()
    while size is not None:
        sequence.takes.append(pool.take(size))
        room -= size
        size = pool.largest(room)
    sequence.tokens = pool.most - room
    return sequence


class _Pool:
    """Waiting takes by their length, first come first, with a bitset of the lengths that wait.

    The bitset has two levels, words and which words hold any, so that the largest length up to a
    bound is found in constant time whatever the context.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.waiting = 0
        self._queues: dict[int, deque[tuple[int, Take]]] = {}
        self._arrived: deque[tuple[int, int]] = deque()
        self._words = [0] * (most // WORD + 1)
        self._used = 0
        self._number = 0

    def put(self, take: Take) -> None:
        """One more waits."""
        size = take.tokens
        queue = self._queues.setdefault(size, deque())
        if not queue:
            self._words[size // WORD] |= 1 << size % WORD
            self._used |= 1 << size // WORD
        queue.append((self._number, take))
        self._arrived.append((self._number, size))
        self._number += 1
        self.waiting += 1

    def take(self, size: int) -> Take:
        """The one of that length that waits longest."""
        queue = self._queues[size]
        _, take = queue.popleft()
        if not queue:
            word = size // WORD
            self._words[word] ^= 1 << size % WORD
            if not self._words[word]:
                self._used ^= 1 << word
        self.waiting -= 1
        return take

    def oldest(self) -> int:
        """The length of the one that waits longest of all."""
        while True:
            number, size = self._arrived[0]
            queue = self._queues[size]
            if queue and queue[0][0] == number:
                return size
            self._arrived.popleft()  # it was taken: those of its length left in their order

    def largest(self, room: int) -> int | None:
        """The greatest length that waits and fits."""
        word = room // WORD
        fits = self._words[word] & ((2 << room % WORD) - 1)
        if not fits:
            below = self._used & ((1 << word) - 1)
            if not below:
                return None
            word = below.bit_length() - 1
            fits = self._words[word]
        return word * WORD + fits.bit_length() - 1
