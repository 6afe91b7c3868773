"""Opening a program: one that is installed, by its desktop id, and at most one of our files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from envs.guest.faults import Refused, integer, text
from envs.guest.transfer import located
from envs.guest.windows import LONGEST_S, WINDOW_S, Windows, box_of

DESKTOP_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.desktop")


def open_program(root: Path, args: Mapping[str, Any]) -> dict[str, Any]:
    """Launch `app` (a desktop id) as its menu entry would, with `file` of the transfer directory.

    With `box` its window is placed there once it appears within `within_s`; the reply says whether
    one did.
    Raises Refused where no such program or file is installed. There is no way to name a command.
    """
    app, file = text(args, "app", 110), text(args, "file", 120, "")
    box = box_of(args["box"]) if args.get("box") is not None else None
    if not DESKTOP_ID.fullmatch(app):
        raise Refused("usage", "app is a desktop id such as org.xfce.mousepad.desktop")
    path = located(root, file) if file else None
    if path is not None and not path.is_file():
        raise Refused("missing", f"no file {file!r} in the transfer directory")
    within_s = integer(args, "within_s", 1, LONGEST_S, WINDOW_S)
    windows = Windows()
    try:
        before = set(windows.ids())
        _launch(app, path)
        placed = windows.place_new(before, box, within_s) if box else ""
    finally:
        windows.close()
    return {"window": placed}


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
