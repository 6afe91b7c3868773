"""Whether one icon could be taken for another's answer, so that both are never offered together.

Two icons are confusable that share a meaning in any language, of which one's words hold the
other's, or that stand for things people draw and call alike.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from grounding.icons.meanings import unite
from grounding.icons.table import Icon

ALIKE: Final = [
    frozenset(words.split())
    for words in (
        "find search look seek magnify zoom locate browse explore preview",
        "delete remove trash bin rubbish clear erase discard empty minus less",
        "close quit exit stop cancel end abort leave no reject deny shut off power out shutdown",
        "next forward right ahead play start skip go",
        "previous back left rewind before return undo revert",
        "up top upload ascending send export share first",
        "down bottom download descending receive import last save",
        "refresh reload sync synchronise synchronising redo repeat rotate revert restart update loop",
        "settings preferences properties options configure system tools setup control edit",
        "mail message inbox post email letter reply",
        "folder directory open documents files home",
        "document file page text new sheet note office spreadsheet presentation word calc template",
        "help question about information faq support",
        "warning error important alert problem missing urgent attention severe caution",
        "picture image photo photos graphics camera wallpaper",
        "sound volume audio music speaker microphone muted",
        "user person contact people face address account smile smiling face avatar",
        "computer monitor screen display desktop video",
        "add new create plus insert more",
        "ok yes accept apply done check available default select tick",
        "favourite favorite star starred bookmark bookmarks",
        "lock password security key readonly read-only unreadable private",
        "network internet web server wired wireless workgroup remote",
        "calendar appointment date time clock task due",
        "disk drive media disc floppy flash tape optical save harddisk",
        "menu list view grid format justify align centre center fill indent",
    )
]


def confusable(one: Icon, other: Icon) -> bool:
    """Whether a person could give the one where the other is asked for."""
    mine, theirs = _words(one), _words(other)
    if mine.keys & theirs.keys:
        return True
    if mine.classes & theirs.classes:
        return True
    return any(a <= b or b <= a for a in mine.phrases for b in theirs.phrases if a and b)


class _Said:
    """What an icon's meanings amount to: their keys, their words, the classes these fall in."""

    __slots__ = ("classes", "keys", "phrases")

    def __init__(self, texts: tuple[tuple[str, str], ...]) -> None:
        self.keys = frozenset(texts)
        english = [text for lang, text in texts if lang == "en" or lang.startswith("en-")]
        self.phrases = [frozenset(re.findall(r"[a-z0-9]+", text)) for text in english]
        words = frozenset().union(*self.phrases)
        self.classes = frozenset(n for n, alike in enumerate(ALIKE) if alike & words)


def _words(icon: Icon) -> _Said:
    return _said(tuple(sorted(m.key for m in unite(icon.meanings))))


@cache
def _said(texts: tuple[tuple[str, str], ...]) -> _Said:
    return _Said(texts)
