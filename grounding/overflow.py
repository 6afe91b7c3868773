"""The ends of a menu that is longer than the screen.

Its items are told to show wherever the whole list would have them. Toolkits keep a menu off the
panels and draw an arrow over its last item, to scroll by; so nothing there is what it is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from envs.types import Box


def ends(menu: Box, item_px: int, screen: Box, panels: Sequence[Box]) -> Iterator[Box]:
    """The regions at the screen's upper and lower edge where a menu's items do not show.

    `menu` is the box around all its items, `item_px` the height of one, which an arrow hides.
    """
    middle = (screen.top + screen.bottom) // 2
    top = max([screen.top, *(one.bottom for one in panels if one.bottom <= middle)])
    bottom = min([screen.bottom, *(one.top for one in panels if one.top > middle)])
    if menu.top < screen.top:
        yield Box(menu.left, screen.top, menu.right, top + item_px)
    if menu.bottom > screen.bottom:
        yield Box(menu.left, bottom - item_px, menu.right, screen.bottom)
