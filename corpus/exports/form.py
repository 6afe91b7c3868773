"""What every exported sample holds, whatever the format: the record of the corpus, pictures within."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from corpus.shards.file import Written
from corpus.shards.read import Stored

WORDS: Final = ("id", "category", "source", "kind", "language")
COUNTS: Final = ("text_tokens", "image_tokens", "sequence")


class Form(Protocol):
    """A writer of one format: takes samples in order, then says which files it wrote."""

    def add(self, sample: Stored) -> None:
        """Write one sample. Raises OSError."""
        ...

    def finish(self) -> Sequence[Written]:
        """Close everything; every file written. Raises OSError."""
        ...

    def abandon(self) -> None:
        """Let go of what is open."""
        ...
