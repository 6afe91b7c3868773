"""Opening a program: one that is installed, by its desktop id, and at most one of our files."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from envs.guest.faults import Refused, text
from envs.guest.transfer import located

DESKTOP_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.desktop")
WINDOW_S: Final = 60.0
"""An office suite's first window under emulation."""


def open_program(root: Path, args: Mapping[str, Any]) -> dict[str, Any]:
    """Launch `app` (a desktop id) as its menu entry would, with `file` of the transfer directory.

    With `box` its window is placed there once it appears; the reply says whether one did.
    Raises Refused where no such program or file is installed. There is no way to name a command.
    """
    app, file = text(args, "app", 110), text(args, "file", 120, "")
    box = _box(args.get("box"))
    if not DESKTOP_ID.fullmatch(app):
        raise Refused("usage", "app is a desktop id such as org.xfce.mousepad.desktop")
    path = located(root, file) if file else None
    if path is not None and not path.is_file():
        raise Refused("missing", f"no file {file!r} in the transfer directory")
    windows = _Windows()
    try:
        before = windows.ids()
        _launch(app, path)
        placed = windows.place_new(before, box) if box else ""
    finally:
        windows.close()
    return {"window": placed}


def _box(value: object) -> tuple[int, int, int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 4 or any(type(v) is not int for v in value):
        raise Refused("usage", "box is left, top, width, height")
    left, top, width, height = value
    return left, top, width, height


def _launch(app: str, path: Path | None) -> None:
    from gi.repository import Gio, GLib

    try:
        entry = Gio.DesktopAppInfo.new(app)
    except TypeError as error:
        raise Refused("missing", f"no program {app!r} is installed") from error
    try:
        entry.launch([Gio.File.new_for_path(str(path))] if path else [], None)
    except GLib.Error as error:
        raise Refused("rejected", f"{app!r} did not start: {error.message}"[:300]) from error


class _Windows:
    """The window manager's list of windows, and moving one of them."""

    def __init__(self) -> None:
        from Xlib.display import Display

        self._display = Display()
        self._root = self._display.screen().root

    def ids(self) -> set[int]:
        """The managed windows now."""
        from Xlib import X

        atom = self._display.intern_atom("_NET_CLIENT_LIST")
        listed = self._root.get_full_property(atom, X.AnyPropertyType)
        return set(listed.value) if listed else set()

    def place_new(self, before: set[int], box: tuple[int, int, int, int]) -> str:
        """Wait for a window that was not there, put it at `box`; its title, "" if none came."""
        from Xlib import error

        end = time.monotonic() + WINDOW_S
        while time.monotonic() < end:
            for window in self.ids() - before:
                try:
                    if (title := self._place(window, box)) is not None:
                        return title
                except error.XError:
                    continue
            time.sleep(0.25)
        return ""

    def _place(self, window: int, box: tuple[int, int, int, int]) -> str | None:
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
        flags = 0x0F00 | 0x2000 | 1  # all of x, y, width, height; asked by a pager; north-west
        self._ask(handle, "_NET_MOVERESIZE_WINDOW", [flags, *box])
        self._display.sync()
        return str(handle.get_wm_name() or "window")

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
