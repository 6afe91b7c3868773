"""Expressions by place: the only one of its role, the outermost, the one in a corner, the n-th.

All are judged over everything of that role on the screen, with a margin that a person sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from envs.types import Box
from grounding.referring.things import Expression, Thing
from tests.grounding.plain.names import quotable

MARGIN_PX: Final = 12
"""A lead smaller than this is not seen as one."""
LONGEST_ROW: Final = 10
ORDINALS: Final = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
NUMERALS: Final = "一二三四五六七八九十"


class Way(NamedTuple):
    """A direction: its words, and a figure that is least for the outermost thing."""

    en: str
    zh: str
    rank: Callable[[Thing, Box], float]


EDGES: Final = (
    Way("leftmost", "最左边的", lambda t, _: t.x),
    Way("rightmost", "最右边的", lambda t, s: s.right - t.x),
    Way("topmost", "最上面的", lambda t, _: t.y),
    Way("bottommost", "最下面的", lambda t, s: s.bottom - t.y),
)
CORNERS: Final = (
    Way("top-left", "左上角的", lambda t, _: t.x + t.y),
    Way("top-right", "右上角的", lambda t, s: s.right - t.x + t.y),
    Way("bottom-left", "左下角的", lambda t, s: t.x + s.bottom - t.y),
    Way("bottom-right", "右下角的", lambda t, s: s.right - t.x + s.bottom - t.y),
)


def by_place(target: Thing, among: list[Thing], screen: Box) -> Iterator[Expression]:
    """At most one expression by place in each language, the plainest that is true."""
    if not target.en:
        return
    peers = [t for t in among if t.en == target.en]
    if len(peers) == 1:
        yield Expression(f"the only {target.en} on the screen", "en", "place")
        yield Expression(f"屏幕上唯一的{target.zh}", "zh", "place")
        return
    way = _outermost(target, peers, screen)
    if way is not None:
        yield Expression(f"the {way.en} {target.en} on the screen", "en", "place")
        yield Expression(f"屏幕{way.zh}{target.zh}", "zh", "place")
        return
    yield from _in_window(target, peers)
    yield from _nth(target, peers)


def _outermost(target: Thing, peers: list[Thing], screen: Box) -> Way | None:
    for way in EDGES:
        if _leads(way, target, peers, screen, MARGIN_PX):
            return way
    for way in CORNERS:
        in_corner = way.rank(target, screen) < (screen.width + screen.height) / 4
        if in_corner and _leads(way, target, peers, screen, 4 * MARGIN_PX):
            return way
    return None


def _leads(way: Way, target: Thing, peers: list[Thing], screen: Box, margin: float) -> bool:
    """Whether the target is outermost that way, with a margin."""
    mine = way.rank(target, screen)
    return all(way.rank(t, screen) >= mine + margin for t in peers if t.id != target.id)


def _in_window(target: Thing, peers: list[Thing]) -> Iterator[Expression]:
    if quotable(target.window) and sum(t.window == target.window for t in peers) == 1:
        yield Expression(f'the only {target.en} in the "{target.window}" window', "en", "place")
        yield Expression(f"“{target.window}”窗口中唯一的{target.zh}", "zh", "place")


def _nth(target: Thing, peers: list[Thing]) -> Iterator[Expression]:
    """`the third tab from the left`, where all of that role stand in one row or one column."""
    count = len(peers)
    if not 3 <= count <= LONGEST_ROW or any(t.parent != target.parent for t in peers):
        return
    if _lined_up(peers, lambda t: t.y, lambda t: t.x):
        at = sorted(peers, key=lambda t: t.x).index(target)
        yield Expression(f"the {ORDINALS[at]} {target.en} from the left", "en", "place")
        yield Expression(f"从左数第{NUMERALS[at]}个{target.zh}", "zh", "place")
    elif _lined_up(peers, lambda t: t.x, lambda t: t.y):
        at = sorted(peers, key=lambda t: t.y).index(target)
        yield Expression(f"the {ORDINALS[at]} {target.en} from the top", "en", "place")
        yield Expression(f"从上数第{NUMERALS[at]}个{target.zh}", "zh", "place")


def _lined_up(
    peers: list[Thing], across: Callable[[Thing], float], along: Callable[[Thing], float]
) -> bool:
    """Whether things share a line and are apart along it."""
    line = [across(t) for t in peers]
    steps = sorted(along(t) for t in peers)
    apart = all(b - a >= MARGIN_PX for a, b in pairwise(steps))
    return max(line) - min(line) <= MARGIN_PX and apart
