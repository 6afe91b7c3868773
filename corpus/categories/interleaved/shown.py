"""Which file of its package a page shows: references are looked up, never followed anywhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from corpus.shelf import Package, ShelfFile

SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/|\\")
FORMS: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def is_jpeg(path: str) -> bool:
    """Whether a file calls itself a JPEG."""
    return path.lower().endswith((".jpg", ".jpeg"))


def files_of(package: Package) -> dict[str, ShelfFile]:
    """The package's pictures by path, and by the path of each link to one."""
    files = {f.path: f for f in package.files if f.path.lower().endswith(FORMS)}
    linked = {link: files[to] for link, to in package.links.items() if to in files}
    return linked | files


def find(page: str, said: str, files: Mapping[str, ShelfFile]) -> tuple[ShelfFile | None, str]:
    """The file that a page's reference names, or why there is none."""
    if SCHEME.match(said.strip()):
        return None, "lies outside the package"
    path = unquote(re.split("[?#]", said.strip(), maxsplit=1)[0])
    full = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    if full.startswith(("../", "/")) or not full.isprintable():
        return None, "lies outside the package"
    if full in files:
        return files[full], ""
    drawn = full.lower().endswith(FORMS)
    return None, "not in the package" if drawn else "no picture of a form we read"
