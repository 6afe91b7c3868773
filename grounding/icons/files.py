"""Files that icons come from, whoever read them: an image's root file system, a package of the shelf.

This floor asks for bytes by installed path and is told the licence; it opens no package and no disk.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

PLACES: Final = (
    "usr/share/icons/",
    "usr/share/pixmaps/",
    "usr/share/applications/",
    "usr/share/desktop-directories/",
    "usr/share/mime/packages/",
    "usr/share/locale/",
)
"""Where icons and their words are installed."""
LABELS: Final = "/LC_MESSAGES/gtk30.mo"
"""Of the translations only the toolkit's are read."""
LINKS: Final = 8
"""Links followed one after the other, inside the tree."""


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as its package states it: a short name where it is stated, and the text's hash."""

    form: str
    name: str | None
    text_sha256: str

    def as_record(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class File:
    """One installed file: its path without a leading slash, its package, and how to read it."""

    path: str
    package: str
    version: str
    licence: Licence
    size_bytes: int
    read: Callable[[], bytes] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of one image or package by path, and its symbolic links by path to what they name."""

    name: str
    files: Mapping[str, File]
    links: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The text behind every licence of the files, by its hash."""

    def under(self, prefix: str, suffix: str = "") -> Iterator[File]:
        """Files below `prefix` in the order of their paths."""
        for path in sorted(self.files):
            if path.startswith(prefix) and path.endswith(suffix):
                yield self.files[path]

    def resolve(self, path: str) -> File | None:
        """The file a path names, through links of the tree; None where it leads nowhere."""
        for _ in range(LINKS):
            if path in self.files:
                return self.files[path]
            if path not in self.links:
                return self._through_directory(path)
            path = self.links[path]
        return None

    def _through_directory(self, path: str) -> File | None:
        """The file below a directory that is itself a link."""
        head, tail = posixpath.split(path)
        above = self.links.get(head)
        return None if above is None else self.files.get(posixpath.join(above, tail))


def wanted(path: str) -> bool:
    """Whether a path is one that icons are made from."""
    if not path.startswith(PLACES):
        return False
    return path.endswith(LABELS) if path.startswith("usr/share/locale/") else True
