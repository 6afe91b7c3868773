"""Which key of QEMU's keyboard (qcode) each canonical key is."""

from __future__ import annotations

import string
from typing import Final

QCODES: Final[dict[str, str]] = {
    **{c: c for c in string.ascii_lowercase + string.digits},
    **{f"f{n}": f"f{n}" for n in range(1, 13)},
    **{k: k for k in ("tab", "backspace", "delete", "insert", "esc", "home", "end", "menu")},
    **{k: k for k in ("left", "right", "up", "down", "shift", "ctrl", "alt")},
    "enter": "ret",
    "space": "spc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "win": "meta_l",
    "shiftright": "shift_r",
    "ctrlright": "ctrl_r",
    "altright": "alt_r",
    "capslock": "caps_lock",
    "printscreen": "print",
    "`": "grave_accent",
    "-": "minus",
    "=": "equal",
    "[": "bracket_left",
    "]": "bracket_right",
    "\\": "backslash",
    ";": "semicolon",
    "'": "apostrophe",
    ",": "comma",
    ".": "dot",
    "/": "slash",
}
"""Canonical names (`envs.keyboard`) to QEMU's."""
