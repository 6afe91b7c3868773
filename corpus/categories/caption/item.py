"""A file with its captions, before and after a picture is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from corpus.categories.pictures import Made
from corpus.sample import Change
from corpus.shelf import Package, ShelfFile

UNKNOWN: Final = "und"
NOT_YET: Final = Made("not made yet")


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption, its language, the locale it is asked for in, and what was done to it."""

    text: str
    language: str = UNKNOWN
    locale: str = UNKNOWN
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Captioned:
    """Files that show the same thing, the best first, with what is said of it."""

    source: str
    package: Package
    files: tuple[ShelfFile, ...]
    captions: tuple[Caption, ...]
    subject: str
    """How it is called where it is dropped."""
    reason: str = ""
    """Why it goes no further."""
    declared: str = ""
    """The licence that a file states of itself."""
    topic: str = ""
    made: Made = NOT_YET

    @property
    def file(self) -> ShelfFile:
        """The file that is drawn."""
        return self.files[0]
