"""Expressions by place: the only one of its role, the outermost, the one in a corner, the n-th.

All are judged over everything of that role on the screen, with a margin that a person sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from envs.types import Box
from grounding.referring.among import Among, quotable
from grounding.referring.things import Expression, Thing

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


class Places:
    """What is outermost, and what stands in a row, among the things of each role."""

    def __init__(self, among: Among) -> None:
        self._among = among
        self._leading: dict[str, dict[str, Way]] = {}
        self._rows: dict[str, tuple[str, dict[str, int]]] = {}

    def by_place(self, target: Thing) -> Iterator[Expression]:
        """At most one expression by place in each language, the plainest that is true."""
        if not target.en:
            return
        if len(self._among.peers[target.en]) == 1:
            yield Expression(f"the only {target.en} on the screen", "en", "place")
            yield Expression(f"屏幕上唯一的{target.zh}", "zh", "place")
            return
        way = self._outermost(target)
        if way is not None:
            yield Expression(f"the {way.en} {target.en} on the screen", "en", "place")
            yield Expression(f"屏幕{way.zh}{target.zh}", "zh", "place")
            return
        yield from self._in_window(target)
        yield from self._nth(target)

    def _outermost(self, target: Thing) -> Way | None:
        if target.en not in self._leading:
            self._leading[target.en] = self._leaders(self._among.peers[target.en])
        return self._leading[target.en].get(target.id)

    def _leaders(self, peers: list[Thing]) -> dict[str, Way]:
        """By the ids of those that are outermost with a margin the first way in which they are."""
        screen, leading = self._among.screen, dict[str, Way]()
        near = (screen.width + screen.height) / 4
        for way in (*EDGES, *CORNERS):
            margin = 4 * MARGIN_PX if way in CORNERS else MARGIN_PX
            ranked = sorted([(way.rank(thing, screen), thing.id) for thing in peers])[:2]
            (least, first), (second, _) = ranked
            if second >= least + margin and (way in EDGES or least < near):
                leading.setdefault(first, way)
        return leading

    def _in_window(self, target: Thing) -> Iterator[Expression]:
        window = target.window
        if quotable(window) and self._among.roles_in_window[target.en, window] == 1:
            yield Expression(f'the only {target.en} in the "{window}" window', "en", "place")
            yield Expression(f"“{window}”窗口中唯一的{target.zh}", "zh", "place")

    def _nth(self, target: Thing) -> Iterator[Expression]:
        """`the third tab from the left`, where all of that role stand in one row or one column."""
        if target.en not in self._rows:
            self._rows[target.en] = _row(self._among.peers[target.en])
        along, places = self._rows[target.en]
        if not along:
            return
        at = places[target.id]
        start, words = ("left", "从左数") if along == "x" else ("top", "从上数")
        yield Expression(f"the {ORDINALS[at]} {target.en} from the {start}", "en", "place")
        yield Expression(f"{words}第{NUMERALS[at]}个{target.zh}", "zh", "place")


def _row(peers: list[Thing]) -> tuple[str, dict[str, int]]:
    """Along what (`x`, `y`, or nothing) things stand in line, and the place of each in it."""
    if not 3 <= len(peers) <= LONGEST_ROW or any(t.parent != peers[0].parent for t in peers):
        return "", {}
    if _lined_up(peers, lambda t: t.y, lambda t: t.x):
        return "x", _in_order(peers, lambda t: t.x)
    if _lined_up(peers, lambda t: t.x, lambda t: t.y):
        return "y", _in_order(peers, lambda t: t.y)
    return "", {}


def _in_order(peers: list[Thing], along: Callable[[Thing], float]) -> dict[str, int]:
    return {thing.id: at for at, thing in enumerate(sorted(peers, key=along))}


def _lined_up(
    peers: list[Thing], across: Callable[[Thing], float], along: Callable[[Thing], float]
) -> bool:
    """Whether things share a line and are apart along it."""
    line = [across(t) for t in peers]
    steps = sorted(along(t) for t in peers)
    apart = all(b - a >= MARGIN_PX for a, b in pairwise(steps))
    return max(line) - min(line) <= MARGIN_PX and apart
