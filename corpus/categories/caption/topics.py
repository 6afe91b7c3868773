"""Where a drawing stands in its collection's own taxonomy: its folder, and below that what its keywords name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

UNSORTED: Final = "unsorted"
"""The folder of what nobody sorted: it says nothing."""

Below = Mapping[str, Mapping[str, str]]
"""By folder, `""` for the whole, the folders in it by the word for each."""


def below(folders: Iterable[str]) -> Below:
    """The tree of these folders and all above them."""
    tree: dict[str, dict[str, str]] = {}
    for folder in sorted(filter(_says, folders)):
        parts = folder.split("/")
        for depth, part in enumerate(parts):
            inner = "/".join(parts[: depth + 1])
            tree.setdefault("/".join(parts[:depth]), {})[_word(part)] = inner
    return tree


def topic(folder: str, keywords: Iterable[str], tree: Below) -> str:
    """The node that a drawing's folder and keywords name, or an empty string.

    A keyword leads only to a folder within the one that was reached: elsewhere its word may mean
    something else. Of several the first by name counts.
    """
    at = folder if _says(folder) else ""
    said = {_word(keyword) for keyword in keywords}
    while named := said & tree.get(at, {}).keys():
        at = tree[at][min(named)]
    return at


def _says(folder: str) -> bool:
    """Whether a folder says what lies in it."""
    return bool(folder) and folder.split("/", maxsplit=1)[0] != UNSORTED


def _word(name: str) -> str:
    """How a folder and a keyword are compared: letters and digits, in the singular."""
    plain = " ".join(re.findall(r"[a-z0-9]+", name.lower()))
    return re.sub(r"(?<=[^s])s$", "", plain)
