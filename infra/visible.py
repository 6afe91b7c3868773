"""Text from guests, pages and files as a person's terminal may show it."""

from __future__ import annotations

import unicodedata
from typing import Final

HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def visible(text: object) -> str:
    """`text` without characters that steer a terminal or reorder what is read; lines are kept."""
    kept = (c if c == "\n" or unicodedata.category(c) not in HIDDEN else "�" for c in str(text))
    return "".join(kept)
