"""What a program called something, made safe to show and to train on.

Control and bidirectional marks could reorder or hide text, private-use glyphs are icon fonts,
object replacement characters stand for embedded widgets: none of them is part of a name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from infra.limits import GUEST_TEXT_CHARS

NAME_CHARS: Final = 300
"""Longest name kept; a longer one is a document's content, not what something is called."""
JOINERS: Final = "\u200c\u200d"
"""Invisible, but they change how Persian and emoji are written."""
_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_LETTER: Final = re.compile(r"[A-Za-z]")
_SPACES: Final = re.compile(r"\s+")
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean(text: str) -> str:
    """`text` in NFC without control, bidi, private-use or replacement characters, spaces folded."""
    text = text[:GUEST_TEXT_CHARS]
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    kept = (
        " " if c in "\t\n\r\x0b\x0c\u2028\u2029" else c
        for c in unicodedata.normalize("NFC", text)
        if c in "\t\n\r\x0b\x0c\u2028\u2029" or _stays(c)
    )
    return _SPACES.sub(" ", "".join(kept)).strip()


def _stays(character: str) -> bool:
    """Whether a character belongs to a name."""
    if character in "\ufffc\ufffd":
        return False
    return character in JOINERS or unicodedata.category(character) not in _DROPPED


def language(text: str) -> str:
    """`zh` for Han without kana, `ja` with, `en` for Latin letters without accents, else `und`."""
    if text.isascii():
        return "en" if _LETTER.search(text) else "und"
    if _KANA.search(text):
        return "ja"
    return "zh" if _HAN.search(text) else "und"


def why_no_name(raw: str) -> str:
    """The reason an element has no name, given what the program said."""
    if not raw:
        return "none_given"
    if not raw.strip():
        return "only_spaces"
    if all(unicodedata.category(c) == "Co" for c in raw.strip()):
        return "icon_font_glyph"
    return "no_readable_character"
