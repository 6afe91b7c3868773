"""Whether a text is fit to learn from: cheap checks that name what is wrong, and cleaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

RUN: Final = re.compile(r"\S{1001}")
INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff0-\ufffb\ufffe\uffff]"
    r"|[\u200c\u200d](?![^\s\x00-\u02ff])|(?<![^\s\x00-\u02ff])[\u200c\u200d]"
)
"""Joiners stay between letters of scripts that need them, as Persian and Hindi do, and in emoji."""
MOJIBAKE: Final = re.compile(
    r"\u00c3[\u0080-\u00bf]|\u00e2\u20ac.|\u00c2[\u00a0-\u00bf]|\u951f\u65a4\u62f7|\u70eb\u70eb\u70eb"
)
BOXES: Final = re.compile(r"[\u2500-\u259f]")
LETTER: Final = re.compile(r"[^\W_]")


def clean(text: str) -> str:
    """`text` in composed form (NFC), without invisible and control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def fault(blocks: Sequence[str], shortest_chars: int) -> str:
    """Why a document is not fit, or an empty string."""
    text = "\n".join(blocks)
    lines = [line for line in text.split("\n") if len(line) > 10]
    solid = len(text) - text.count(" ")
    checks = (
        (len(text) < shortest_chars, "too short"),
        (RUN.search(text), "a very long run without spaces"),
        (text.count("\ufffd") * 1000 > len(text), "undecodable characters"),
        (len(MOJIBAKE.findall(text)) * 500 > len(text), "characters of a wrong decoding"),
        (len(LETTER.findall(text)) * 3 < solid, "mostly signs"),
        (len(BOXES.findall(text)) * 20 > len(text), "drawn with box characters"),
        (len(lines) > 20 and len(set(lines)) * 2 < len(lines), "mostly repeated lines"),
    )
    return next((reason for holds, reason in checks if holds), "")
