"""Where on a screen a box stands, in a person's words: thirds, no figures.

It tells what to look at where nothing picks an element out; it does not promise to name it alone.
"""

from __future__ import annotations

from typing import Final, Literal

from envs.types import Box

ROWS: Final = {"en": ("top", "", "bottom"), "zh": ("上", "", "下")}
SIDES: Final = {"en": ("left", "", "right"), "zh": ("左", "", "右")}


def whereabouts(word: str, box: Box, screen: Box, lang: Literal["en", "zh"]) -> str:
    """`button at the top left of the screen`, `屏幕左上方的按钮`, for a role's `word`."""
    x, y = box.centre
    side = SIDES[lang][_third(x - screen.left, screen.width)]
    row = ROWS[lang][_third(y - screen.top, screen.height)]
    if lang == "zh":
        return f"屏幕{side + row}方的{word}" if side or row else f"屏幕中间的{word}"
    place = " ".join(filter(None, (row, side)))
    return (
        f"{word} at the {place} of the screen" if place else f"{word} in the middle of the screen"
    )


def _third(at: int, size: int) -> int:
    return min(2, max(0, 3 * at // max(1, size)))
