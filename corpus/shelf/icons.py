"""Trees of files that icons are made from: the shelf's packages, and an image's installed ones.

Both come with the licence that their package's copyright file states for each file.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from corpus.shelf.copyright import Copyright, parse
from corpus.shelf.store import Package
from grounding.icons.files import PLACES, File, Licence, Tree, wanted
from infra.errors import Corrupt
from infra.files import sha256_bytes
from infra.limits import SOURCE_FILE_BYTES

OF_IMAGE: Final = (*(f"/{place.rstrip('/')}" for place in PLACES), "/var/lib/dpkg/info", "/usr/share/doc")  # fmt: skip
"""Directories of an image that its tree is read from."""
UNSTATED: Final = Licence("none", None, "")


def package_tree(package: Package) -> Tree:
    """The wanted files of a package on the shelf."""
    files = {}
    for file in package.files:
        if wanted(file.path):
            known = package.licence_of(file)
            licence = Licence(known.form, known.name, known.text_sha256)
            files[file.path] = File(
                file.path, package.name, package.version, licence, file.size_bytes,
                partial(package.read, file),
            )  # fmt: skip
    links = {path: named for path, named in package.links.items() if wanted(path)}
    return Tree(package.name, files, links, {package.copyright.text_sha256: package.copyright_text})


def image_tree(name: str, root: Path, versions: Mapping[str, str]) -> Tree:
    """The wanted files below `root`, which holds the directories `OF_IMAGE` of an image."""
    owners = dict(_owned(root))
    stated: dict[str, Copyright | None] = {}
    files, links, texts = {}, {}, {}
    for path, link in _walk(root):
        if link is not None:
            links[path] = link
            continue
        package = owners.get(path, "")
        if package not in stated:
            text = _stated(root, package)
            stated[package] = None if text is None else parse(text)
            if text is not None:
                texts[sha256_bytes(text)] = text
        place = root / path
        files[path] = File(
            path, package, versions.get(package, ""), _licence(stated[package], path),
            place.lstat().st_size, partial(_read, place),
        )  # fmt: skip
    return Tree(name, files, links, texts)


def _walk(root: Path) -> Iterator[tuple[str, str | None]]:
    """Each wanted path below `root`, with what it names where it is a link."""
    for place in PLACES:
        for directory, folders, names in os.walk(root / place, followlinks=False):
            for name in sorted((*folders, *names)):
                path = Path(directory) / name
                inside = path.relative_to(root).as_posix()
                if not inside.isprintable() or not wanted(inside):
                    continue
                if path.is_symlink():
                    yield inside, _named(inside, path.readlink().as_posix())
                elif path.is_file():
                    yield inside, None


def _named(path: str, said: str) -> str:
    """The path that a link names; it may lie outside the tree, where nothing is found."""
    if said.startswith("/"):
        return said.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), said))


def _owned(root: Path) -> Iterator[tuple[str, str]]:
    """Which package installed each wanted path."""
    for listed in sorted((root / "var/lib/dpkg/info").glob("*.list")):
        package = listed.stem.partition(":")[0]
        for line in listed.read_text(encoding="utf-8", errors="replace").splitlines():
            path = line.lstrip("/")
            if wanted(path):
                yield path, package


def _stated(root: Path, package: str) -> bytes | None:
    """The copyright file of a package."""
    path = root / "usr/share/doc" / package / "copyright"
    if not package or path.is_symlink() or not path.is_file():
        return None
    return _read(path)


def _licence(stated: Copyright | None, path: str) -> Licence:
    if stated is None:
        return UNSTATED
    known = stated.licence_of(path)
    return Licence(known.form, known.name, known.text_sha256)


def _read(path: Path) -> bytes:
    """The file's bytes. Raises Corrupt where it cannot be read or is larger than any we read."""
    try:
        if path.stat().st_size > SOURCE_FILE_BYTES:
            raise Corrupt("larger than any file we read", subject=str(path))
        return path.read_bytes()
    except OSError as error:
        raise Corrupt(f"{path} cannot be read", "delete it and build again", str(path)) from error
