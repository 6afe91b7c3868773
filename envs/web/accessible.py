"""What Chromium itself tells assistive programs about a page, and where its layout has it.

Another way to names and places than our reader's, to measure that one by; nothing is read by it.
Texts that only label something are not told, so those of the layout are taken besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from infra.errors import HostileInput
from infra.limits import GUEST_TEXT_CHARS

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

MOST: Final = 3000
"""Nodes that are asked for their place."""


Sides = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of the screenshot."""


class Spoken(NamedTuple):
    """A node of the browser's accessibility tree; its box has the screenshot's pixels, unclipped."""

    role: str
    name: str
    box: Sides


async def spoken(session: CDPSession, scale: float) -> list[Spoken]:
    """The nodes of the main document that have a name and a place. Raises HostileInput."""
    await session.send("DOM.enable")
    try:
        answer = await session.send("Accessibility.getFullAXTree")
        nodes = [node for node in answer["nodes"] if not node["ignored"]][:MOST]
        told = [
            Spoken(str(node["role"]["value"]), _name(node), box)
            for node in nodes
            if _name(node) and (box := await _box(session, node, scale)) is not None
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise HostileInput("the browser's accessibility tree is none", "", "web") from error
    finally:
        await session.send("DOM.disable")
    return told + await _laid_out(session, scale)


async def _laid_out(session: CDPSession, scale: float) -> list[Spoken]:
    """Each text as the layout has it, with the place of all its lines."""
    said = await session.send("DOMSnapshot.captureSnapshot", {"computedStyles": []})
    try:
        (page, *_), strings = said["documents"], said["strings"]
        left, top = page.get("scrollOffsetX", 0.0), page.get("scrollOffsetY", 0.0)
        layout = page["layout"]
        rows = zip(layout["text"], layout["bounds"], strict=True)
        return [
            Spoken("text", strings[text][:GUEST_TEXT_CHARS], _scaled(bounds, left, top, scale))
            for text, bounds in rows
            if text >= 0
        ][:MOST]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise HostileInput("the browser's layout is none", "", "web") from error


def _scaled(bounds: list[float], left: float, top: float, scale: float) -> Sides:
    x, y, width, height = bounds
    return (
        (x - left) * scale,
        (y - top) * scale,
        (x - left + width) * scale,
        (y - top + height) * scale,
    )


def _name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", ""))[:GUEST_TEXT_CHARS]


async def _box(session: CDPSession, node: dict[str, Any], scale: float) -> Sides | None:
    """Around all its quads, None for one that has none."""
    from playwright.async_api import Error

    if "backendDOMNodeId" not in node:
        return None
    try:
        said = await session.send(
            "DOM.getContentQuads", {"backendNodeId": node["backendDOMNodeId"]}
        )
    except Error:
        return None  # it is not drawn
    corners = [float(v) * scale for quad in said["quads"] for v in quad]
    if not corners:
        return None
    across, down = corners[::2], corners[1::2]
    return min(across), min(down), max(across), max(down)
