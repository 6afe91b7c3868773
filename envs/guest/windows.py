"""The windows of the desktop: which there are, and putting them somewhere by the window manager."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from envs.guest.faults import Refused, integer

WINDOW_S: Final = 60
"""An office suite's first window under emulation."""
LONGEST_S: Final = 300
MOST: Final = 40
MOVED_S: Final = 0.3
"""The window manager has moved a window by then, and the program has said how large it must be."""
FRAME: Final = 64
"""What a frame and the panel take of the screen's height."""
Rectangle = tuple[int, int, int, int]


def box_of(value: object) -> Rectangle:
    """`value` as left, top, width and height on any screen. Raises Refused."""
    if not isinstance(value, list) or len(value) != 4 or any(type(v) is not int for v in value):
        raise Refused("usage", "box is left, top, width, height")
    if not all(-(1 << 15) < v < 1 << 15 for v in value):
        raise Refused("usage", "a box lies within 32767 pixels")
    left, top, width, height = value
    return left, top, width, height


def arrange(args: Mapping[str, Any]) -> dict[str, Any]:
    """Put the normal windows, in the order they were opened, at `boxes`; raise number `top`.

    Windows beyond the boxes stay. The answer names those that were moved.
    """
    given = args.get("boxes")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise Refused("usage", f"boxes is a list of 1 to {MOST} boxes")
    boxes = [box_of(item) for item in given]
    top = integer(args, "top", -1, len(boxes) - 1, -1)
    windows = Windows()
    try:
        return {"windows": windows.arrange(boxes, top)}
    finally:
        windows.close()


class Windows:
    """The window manager's list of windows, and moving one of them."""

    def __init__(self) -> None:
        from Xlib.display import Display

        self._display = Display()
        self._root = self._display.screen().root

    def ids(self) -> list[int]:
        """The managed windows now, the first opened first."""
        from Xlib import X

        atom = self._display.intern_atom("_NET_CLIENT_LIST")
        listed = self._root.get_full_property(atom, X.AnyPropertyType)
        return list(listed.value) if listed else []

    def arrange(self, boxes: list[Rectangle], top: int) -> list[str]:
        """Put normal windows at the boxes and raise one of them; their titles."""
        from Xlib import error

        placed: list[tuple[int, str]] = []
        for window in self.ids():
            if len(placed) == len(boxes):
                break
            try:
                if (title := self._place(window, boxes[len(placed)])) is not None:
                    placed.append((window, title))
            except error.XError:
                continue
        if 0 <= top < len(placed):
            handle = self._display.create_resource_object("window", placed[top][0])
            self._ask(handle, "_NET_ACTIVE_WINDOW", [2, 0, 0, 0, 0])  # asked by a pager
            self._display.sync()
        return [title for _, title in placed]

    def place_new(self, before: set[int], box: Rectangle, within_s: int) -> str:
        """Wait for a window that was not there, put it at `box`; its title, "" if none came."""
        from Xlib import error

        end = time.monotonic() + within_s
        while time.monotonic() < end:
            for window in set(self.ids()) - before:
                try:
                    if (title := self._place(window, box)) is not None:
                        return title
                except error.XError:
                    continue
            time.sleep(0.25)
        return ""

    def _place(self, window: int, box: Rectangle) -> str | None:
        """Ask the window manager to move a normal window; None for splashes and the like."""
        from Xlib import X

        handle = self._display.create_resource_object("window", window)
        kind = handle.get_full_property(
            self._display.intern_atom("_NET_WM_WINDOW_TYPE"), X.AnyPropertyType
        )
        normal = self._display.intern_atom("_NET_WM_WINDOW_TYPE_NORMAL")
        dialog = self._display.intern_atom("_NET_WM_WINDOW_TYPE_DIALOG")
        if kind is not None and not {normal, dialog} & set(kind.value):
            return None
        both = [self._display.intern_atom(f"_NET_WM_STATE_MAXIMIZED_{d}") for d in ("VERT", "HORZ")]
        self._ask(handle, "_NET_WM_STATE", [0, *both, 2, 0])  # remove both; asked by a pager
        self._move(handle, box)
        self._bring_in(handle, box)
        return str(handle.get_wm_name() or "window")

    def _move(self, handle: Any, box: Rectangle) -> None:
        flags = 0x0F00 | 0x2000 | 1  # all of x, y, width, height; asked by a pager; north-west
        self._ask(handle, "_NET_MOVERESIZE_WINDOW", [flags, *box])
        self._display.sync()

    def _bring_in(self, handle: Any, box: Rectangle) -> None:
        """Move a window that is larger than its box and hangs over the screen's edge."""
        time.sleep(MOVED_S)
        seen, screen = handle.get_geometry(), self._display.screen()
        if seen.width <= box[2] and seen.height <= box[3]:
            return
        over = box[0] + seen.width - screen.width_in_pixels
        below = box[1] + seen.height + FRAME - screen.height_in_pixels
        left, top = max(0, box[0] - max(0, over)), max(0, box[1] - max(0, below))
        if (left, top) != box[:2]:
            self._move(handle, (left, top, *box[2:]))

    def _ask(self, window: Any, what: str, data: list[int]) -> None:
        """Send the window manager one request about a window."""
        from Xlib import X
        from Xlib.protocol.event import ClientMessage

        kind = self._display.intern_atom(what)
        message = ClientMessage(window=window, client_type=kind, data=(32, data))
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self._root.send_event(message, event_mask=mask)

    def close(self) -> None:
        """Leave the display."""
        self._display.close()
