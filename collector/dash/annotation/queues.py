"""What a queue is: a kind of subject, a question about it, a few answers, and how one is shown.

A queue is a module with one `Queue` and a line in `known`; verdicts are kept under its kind and the
subject's key, so a key must name the same thing for good. Nothing else is to be written: the page,
its keys, undo, the order in which people get subjects and their agreement are the same for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Protocol

from envs.types import Box
from infra.errors import NotFound

UNCLEAR: Final = "unclear"
"""The answer of whoever cannot tell; each queue has it. The first answer of each says that all is well."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the word that is kept, and how it is said."""

    word: str
    said: str


@dataclass(frozen=True, slots=True)
class Card:
    """How a subject is shown: a name, what is known of it, and a picture with a box on it.

    `picture` is an address; `size` its width and height, of which `box` is a part, in pixels.
    """

    subject: str
    name: str
    facts: tuple[tuple[str, str], ...]
    picture: str
    size: tuple[int, int]
    box: Box
    more: str = ""
    """An address that shows where it comes from."""


class Queue(Protocol):
    """One kind of subject; `kind` is a word for addresses and the database."""

    kind: ClassVar[str]
    name: ClassVar[str]
    question: ClassVar[str]
    answers: ClassVar[tuple[Answer, ...]]

    def subjects(self, home: Path) -> Sequence[str]:
        """Their keys, in the order in which they are asked about; none where nothing was made."""
        ...

    def card(self, home: Path, subject: str) -> Card:
        """How one is shown. Raises NotFound, Corrupt."""
        ...


def known() -> dict[str, Queue]:
    """Every queue, by its kind."""
    from collector.dash.annotation.grounding import Boxes

    return {queue.kind: queue for queue in (Boxes(),)}


def named(kind: str) -> Queue:
    """The queue of that kind. Raises NotFound."""
    queues = known()
    if kind not in queues:
        raise NotFound.among("queue", kind, queues)
    return queues[kind]
