"""Fortune files: sayings and poems separated by `%` lines, without their terminal colours and frames."""

from __future__ import annotations

import re
from typing import Final

FRAME: Final = re.compile(r"^\s*[│┃|](?: +|$)")
"""The bar that a card is drawn with on its left."""
COLOUR: Final = re.compile(r"\x1b\[[0-9;]*(?:\x1b\[[0-9;]*m)*[A-Za-z]")


def read(data: bytes) -> list[str]:
    """The sayings of one file, in order, lines kept."""
    text = COLOUR.sub("", data.decode("utf-8", "replace")).replace("\r", "")
    sayings = []
    for part in re.split(r"^%\s*$", text, flags=re.MULTILINE):
        lines = [re.sub(r"[ \t\u3000]+$", "", FRAME.sub("", line)) for line in part.split("\n")]
        saying = "\n".join(lines).strip("\n")
        if saying.strip():
            sayings.append(saying)
    return sayings
