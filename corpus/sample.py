"""One training example and where it came from: the values every category makes.

A sample is immutable; its id is a hash of what it was made from, so that it stays the same from
build to build and across recipes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ID_HEX: Final = 20


@dataclass(frozen=True, slots=True)
class Licence:
    """What a file's licence is known to be: a short name its package states, and a text's hash.

    `name` is null where the package's copyright file is free text; nothing is read into it.
    `declared` is what the file says of itself, kept as written.
    """

    form: str
    name: str | None
    text_sha256: str
    declared: str = ""

    @property
    def label(self) -> str:
        """How it is called in tables and recipes: its stated name, or the hash of its text."""
        return self.name or f"{self.form} {self.text_sha256[:12]}"


@dataclass(frozen=True, slots=True)
class Origin:
    """The file a sample was made from."""

    package: str
    version: str
    file: str
    file_sha256: str
    licence: Licence


@dataclass(frozen=True, slots=True)
class Turn:
    """One message; `<image>` in its content, whoever's it is, stands for the next picture."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture on disk, named by the hash of its bytes."""

    sha256: str
    width: int
    height: int
    suffix: str
    path: Path


@dataclass(frozen=True, slots=True)
class Change:
    """A transformation with the parameters it ran with."""

    name: str
    parameters: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One training example."""

    id: str
    category: str
    source: str
    kind: str
    language: str
    messages: tuple[Turn, ...]
    pictures: tuple[Picture, ...]
    text_tokens: int
    image_tokens: int
    origin: Origin
    changes: tuple[Change, ...]
    traits: tuple[tuple[str, str], ...] = ()
    """What else a recipe may balance by: `platform`, `topic` (a node of a taxonomy, its parents
    before it: `animals/birds`), `type` of document."""

    scores: tuple[tuple[str, float], ...] = ()
    """What it was found to be worth by this or that measure, worked out once; see `operators.worth`."""

    @property
    def tokens(self) -> int:
        """Text and image tokens together."""
        return self.text_tokens + self.image_tokens


def sample_id(category: str, *parts: str) -> str:
    """A stable id: the category and a hash of what the sample was made from."""
    digest = hashlib.sha256("\0".join((category, *parts)).encode("utf-8", "surrogatepass"))
    return f"{category}-{digest.hexdigest()[:ID_HEX]}"
