"""How a caption is asked for, in the caption's own language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from corpus.categories.caption.item import UNKNOWN

ENGLISH: Final = (
    "<image>\nWhat does this picture show?",
    "<image>\nGive this picture a caption.",
    "<image>\nDescribe the picture in a few words.",
    "What is this?\n<image>",
)
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    UNKNOWN: ENGLISH,
    "en": ENGLISH,
    "zh_CN": (
        "<image>\n这张图片里是什么？",
        "<image>\n请给这张图片配上简短的说明。",
        "<image>\n用几个字描述这张图。",
        "这是什么？\n<image>",
    ),
    "zh_TW": (
        "<image>\n這張圖片裡是什麼？",
        "<image>\n請為這張圖片加上簡短的說明。",
        "<image>\n用幾個字描述這張圖。",
        "這是什麼？\n<image>",
    ),
    "ja": (
        "<image>\nこの絵は何ですか？",
        "<image>\nこの絵に短い説明をつけてください。",
        "<image>\nこの絵を一言で表してください。",
        "これは何の絵ですか？\n<image>",
    ),
}


def asked(locale: str, sample_id: str) -> str:
    """The question that goes with a sample, chosen by its id."""
    ways = ASKED[locale]
    return ways[int(sample_id[-8:], 16) % len(ways)]
