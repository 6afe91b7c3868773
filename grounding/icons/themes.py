"""Icons of themes: one per theme and name, with its drawings in several sizes and its other names.

A theme's `index.theme` says which directory holds which size and context; a directory that is not
listed there is left alone. A link gives what it points to one more name.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from grounding.icons.files import File, Tree
from grounding.icons.naming import SYMBOLIC
from infra.errors import TrawlError

ROOT: Final = "usr/share/icons/"
PIXMAPS: Final = "usr/share/pixmaps/"
INDEX_BYTES: Final = 1 << 20
SUFFIXES: Final = (".svg", ".png")
LEFT: Final = frozenset((".xpm", ".ico", ".svgz", ".gif", ".jpg"))
"""Pictures in forms that are not read; counted."""
MASK: Final = ".symbolic"
"""A PNG that the toolkit colours itself: its channels are no colours."""
CONTEXTS_LEFT: Final = frozenset(("animations", "stock", "intl", "international"))
"""Strips of frames, a toolkit's copies, and countries' flags."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One file of an icon and the size in pixels it is drawn for; 0 where it is drawn for any."""

    file: File
    size_px: int


@dataclass(frozen=True, slots=True)
class ThemeIcon:
    """One name of one theme. `names` has its own name first, then those that links give it."""

    theme: str
    name: str
    context: str
    drawings: tuple[Drawing, ...]
    names: tuple[str, ...]

    @property
    def symbolic(self) -> bool:
        """Whether it is drawn in one colour, which the toolkit replaces."""
        return self.name.endswith(SYMBOLIC) or self.context == "symbolic"


@dataclass(frozen=True, slots=True)
class Directory:
    """What a theme says of one of its directories."""

    size_px: int
    context: str


class Themes:
    """The icons of several trees; a theme that a later tree brings again adds only what is new."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self._seen: set[tuple[str, str]] = set()

    def icons(self, trees: Iterable[Tree]) -> Iterator[ThemeIcon]:
        """Every icon, tree by tree, in the order of theme and name."""
        for tree in trees:
            found = {**self._pixmaps(tree), **self._themed(tree)}
            aliases = _aliases(tree)
            for key in sorted(found):
                if key in self._seen:
                    self.refused["theme read from another tree"] += 1
                    continue
                self._seen.add(key)
                yield _icon(key, found[key], aliases)

    def _themed(self, tree: Tree) -> dict[tuple[str, str], list[tuple[str, Drawing]]]:
        found: dict[tuple[str, str], list[tuple[str, Drawing]]] = defaultdict(list)
        listed = self._listed(tree)
        for file in tree.under(ROOT):
            theme, _, rest = file.path.removeprefix(ROOT).partition("/")
            where, name = posixpath.split(rest)
            stem, suffix = posixpath.splitext(name)
            if suffix not in SUFFIXES or stem.endswith(MASK):
                self.refused["not a picture form that is read"] += suffix in {*LEFT, *SUFFIXES}
                continue
            if mirrored(stem):
                self.refused["drawn for writing from right to left"] += 1
                continue
            directory = listed.get(theme, {}).get(where)
            if directory is None or directory.context in CONTEXTS_LEFT:
                self.refused["its directory is not one of the theme's sizes"] += 1
                continue
            found[theme, stem].append((directory.context, Drawing(file, directory.size_px)))
        return found

    def _pixmaps(self, tree: Tree) -> dict[tuple[str, str], list[tuple[str, Drawing]]]:
        found: dict[tuple[str, str], list[tuple[str, Drawing]]] = {}
        for file in tree.under(PIXMAPS):
            stem, suffix = posixpath.splitext(file.path.removeprefix(PIXMAPS))
            if "/" in stem or suffix not in SUFFIXES:
                self.refused["not a picture form that is read"] += suffix in LEFT
                continue
            found["pixmaps", stem] = [("apps", Drawing(file, 0))]
        return found

    def _listed(self, tree: Tree) -> dict[str, Mapping[str, Directory]]:
        """The directories of each theme that the tree has an index for."""
        listed: dict[str, Mapping[str, Directory]] = {}
        for file in tree.under(ROOT, "/index.theme"):
            theme = file.path.removeprefix(ROOT).partition("/")[0]
            if file.size_bytes > INDEX_BYTES:
                self.refused["index too large"] += 1
                continue
            try:
                listed[theme] = directories(file.read())
            except TrawlError as error:
                self.refused[f"index {error.kind}"] += 1
        if "hicolor" not in listed:
            listed["hicolor"] = _Fallback()
        return listed


class _Fallback(dict[str, Directory]):
    """Packages put icons into `hicolor` without its index, whose directories are always alike."""

    def get(self, where: str, default: Directory | None = None) -> Directory | None:  # type: ignore[override]
        """The directory of `48x48/apps` and the like."""
        found = re.fullmatch(r"(?:(\d+)x\1|scalable|symbolic)/([a-z]+)", where)
        return Directory(int(found[1] or 0), found[2]) if found else default


def directories(index: bytes) -> dict[str, Directory]:
    """The directories of an `index.theme` by their path in the theme; those of scale 1 only."""
    groups: dict[str, dict[str, str]] = {}
    group: dict[str, str] = {}
    for line in index.decode("utf-8", "replace").splitlines():
        if line.startswith("[") and line.rstrip().endswith("]"):
            group = groups.setdefault(line.strip()[1:-1].rstrip("/"), {})
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            group[key.strip()] = value.strip()
    return {
        path: Directory(_size(path, given), given.get("Context", "").lower())
        for path, given in groups.items()
        if "Size" in given and given.get("Scale", "1") == "1"
    }


def _size(path: str, given: Mapping[str, str]) -> int:
    """The size a directory is drawn for; 0 for one that is drawn for any."""
    if "symbolic" not in path and ("scalable" in path or not given["Size"].isdecimal()):
        return 0
    return min(int(given["Size"]), 1024) if given["Size"].isdecimal() else 0


def mirrored(name: str) -> bool:
    """Whether a name is of a mirrored drawing: among others it would mean the opposite."""
    return bool(re.search(r"[-_]rtl\b|[-_]rtl_", name))


def _aliases(tree: Tree) -> dict[str, set[str]]:
    """Further names of each file, by its path."""
    aliases: dict[str, set[str]] = defaultdict(set)
    for path in tree.links:
        stem, suffix = posixpath.splitext(posixpath.basename(path))
        if path.startswith((ROOT, PIXMAPS)) and suffix in SUFFIXES:
            file = tree.resolve(path)
            if file is not None and not mirrored(stem):
                aliases[file.path].add(stem)
    return aliases


def _icon(
    key: tuple[str, str], drawn: list[tuple[str, Drawing]], aliases: Mapping[str, set[str]]
) -> ThemeIcon:
    theme, name = key
    drawings = sorted((d for _, d in drawn), key=lambda d: (d.size_px or 1 << 20, d.file.path))
    other = {alias for d in drawings for alias in aliases.get(d.file.path, ())} - {name}
    contexts = Counter(context for context, _ in drawn if context)
    context = min(contexts, key=lambda c: (-contexts[c], c)) if contexts else ""
    return ThemeIcon(theme, name, context, tuple(drawings), (name, *sorted(other)))
