"""A whole page as elements: the main document's one answer, and those of frames it cannot reach.

A frame of another origin answers for itself, moved to where its parent shows it; what its parent
covers of it is not on top, whatever it says itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from envs.web.tab import Tab
from infra.limits import GUEST_TEXT_CHARS, TREE_DEPTH, TREE_NODES

VISITED: Final = 60_000
"""Most nodes looked at; those that do not show are not counted as elements."""
BUDGET_MS: Final = 1500
FRAMES: Final = 24
FRAME_DEPTH: Final = 4
NAME_CHARS: Final = min(2000, GUEST_TEXT_CHARS)
FIELDS: Final = [
    "id",
    "parent",
    "role",
    "name",
    "name_source",
    "description",
    "box",
    "states",
    "actions",
    "value",
    "hit",
]


@dataclass(frozen=True, slots=True)
class Holder:
    """An element that shows a frame we cannot see into from outside.

    `outside` is the frame the element is in, whose own viewport begins at (`ox`, `oy`) of the top
    document; `inside` is the frame it shows, which begins at (`dx`, `dy`). CSS pixels.
    """

    element: str
    outside: str
    ox: float
    oy: float
    inside: str
    dx: float
    dy: float


@dataclass(slots=True)
class Reading:
    """What a page said about itself: rows by the field names of an element."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    title: str = ""
    url: str = ""
    truncated: bool = False
    focused: bool = True
    holders: dict[str, Holder] = field(default_factory=dict)
    popups: list[list[int]] = field(default_factory=list)
    """Where the browser's own pickers and complaints may lie over the page."""


class PageReader:
    """Reads pages, and names the documents it meets so that no two share an element's id."""

    def __init__(self) -> None:
        self._documents = 0

    async def read(self, tab: Tab) -> Reading:
        """Every element of the tab's page that shows."""
        reading = Reading()
        said = await self._document(tab, reading, "", {"dx": 0, "dy": 0, "clip": None}, None)
        reading.title, reading.url = str(said["title"]), str(said["url"])
        await self._frames(tab, reading, said, ())
        return reading

    async def _document(
        self, tab: Tab, reading: Reading, frame: str, place: dict[str, Any], parent: str | None
    ) -> dict[str, Any]:
        self._documents += 1
        options = {
            "prefix": f"d{self._documents}",
            "parent": parent,
            "most": NAME_CHARS,
            "maxNodes": TREE_NODES - len(reading.rows),
            "maxVisited": VISITED,
            "maxDepth": TREE_DEPTH,
            "maxFrames": FRAMES,
            "budgetMs": BUDGET_MS,
            **place,
        }
        said: dict[str, Any] = await tab.ask("read", options, frame=frame)
        reading.truncated |= said["truncated"] is True
        reading.popups += said["popups"]
        rows = [dict(zip(FIELDS, row, strict=True)) for row in said["elements"]]
        if rows:
            rows[0]["value"] = said["url"]
        reading.rows += rows
        return {**said, "rows": rows}

    async def _frames(
        self, tab: Tab, reading: Reading, said: dict[str, Any], above: tuple[Holder, ...]
    ) -> None:
        """The opaque frames of one document, each under the element that holds it."""
        parent = above[-1].inside if above else ""
        for element, dx, dy, clip in said["frames"]:
            if len(above) >= FRAME_DEPTH or len(reading.holders) >= FRAMES:
                reading.truncated = True
                return
            frame = await tab.frame_of(element, frame=parent)
            if frame is None:
                continue
            holder = Holder(element, parent, said["ox"], said["oy"], frame, dx, dy)
            reading.holders[element] = holder
            place = {"dx": dx, "dy": dy, "clip": clip}
            inner = await self._document(tab, reading, frame, place, element)
            await _uncover(tab, inner, clip, (*above, holder))
            await self._frames(tab, reading, inner, (*above, holder))


async def _uncover(
    tab: Tab, inner: dict[str, Any], clip: list[float], above: tuple[Holder, ...]
) -> None:
    """Take back `hit` where a document further up shows something else on top of its frame."""
    on_top = [row for row in inner["rows"] if row["hit"] is True]
    points = [_seen(row["box"], clip, float(inner["scale"]) or 1.0) for row in on_top]
    for holder in above:
        local = [[x - holder.ox, y - holder.oy] for x, y in points]
        clear = await tab.ask("uncovered", holder.element, local, frame=holder.outside)
        for row, is_clear in zip(on_top, clear, strict=True):
            row["hit"] = row["hit"] and is_clear is True


def _seen(box: list[float], clip: list[float], scale: float) -> tuple[float, float]:
    """The middle of what shows of a box, in CSS pixels of the top document."""
    left, top, right, bottom = (side / scale for side in box)
    across = max(left, clip[0]) + min(right, clip[2])
    down = max(top, clip[1]) + min(bottom, clip[3])
    return across / 2, down / 2
