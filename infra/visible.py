"""Text from guests, pages and files as a person's terminal may show it."""

from __future__ import annotations

import unicodedata
from typing import Final

HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def visible(text: object) -> str:
    """`text` without characters that steer a terminal or reorder what is read; lines are kept."""
    said = str(text)
    if said.isprintable():
        return said
    kept = (c if c == "\n" or unicodedata.category(c) not in HIDDEN else "�" for c in said)
    return "".join(kept)


def one_line(text: object) -> str:
    """The same on one line, so that what it quotes cannot look like a line of ours."""
    return " ".join(visible(text).split("\n"))
