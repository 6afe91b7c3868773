"""The names of keys that actions use: pyautogui's, on a US keyboard, whatever the machine.

`canonical` folds the aliases; `key_of` says which key, with or without shift, makes a character.
"""

from __future__ import annotations

import string
from typing import Final, NamedTuple

ALIASES: Final = {
    "return": "enter",
    "escape": "esc",
    "del": "delete",
    "control": "ctrl",
    "ctrlleft": "ctrl",
    "shiftleft": "shift",
    "altleft": "alt",
    "option": "alt",
    "command": "win",
    "super": "win",
    "winleft": "win",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "prtsc": "printscreen",
    "\n": "enter",
    "\t": "tab",
    " ": "space",
}
MODIFIERS: Final = frozenset({"shift", "ctrl", "alt", "win", "shiftright", "ctrlright", "altright"})
NAMED: Final = (
    MODIFIERS
    | {"enter", "tab", "space", "backspace", "delete", "insert", "esc", "home", "end"}
    | {"pageup", "pagedown", "left", "right", "up", "down", "capslock", "printscreen", "menu"}
    | {f"f{n}" for n in range(1, 13)}
)
"""Keys without a character of their own."""
_PLAIN: Final = string.ascii_lowercase + string.digits + "`-=[]\\;',./"
_SHIFTED: Final = string.ascii_uppercase + ')!@#$%^&*(~_+{}|:"<>?'


class Key(NamedTuple):
    """A key by its canonical name, and whether shift makes the character."""

    name: str
    shift: bool


_CHARACTERS: Final = (
    {c: Key(c, shift=False) for c in _PLAIN}
    | {c: Key(plain, shift=True) for plain, c in zip(_PLAIN, _SHIFTED, strict=True)}
    | {c: Key(ALIASES[c], shift=False) for c in "\n\t "}
)


def canonical(name: str) -> str | None:
    """The key's one name; None where no keyboard of ours has it."""
    key = name if len(name) == 1 and name not in ALIASES else name.lower()
    key = ALIASES.get(key, key)
    if key in NAMED:
        return key
    known = _CHARACTERS.get(key)
    return known.name if known else None


def key_of(character: str) -> Key | None:
    """The key that makes `character`; None where it is not on the keyboard."""
    return _CHARACTERS.get(character)


def is_typable(text: str) -> bool:
    """Whether every character of `text` is on the keyboard."""
    return all(c in _CHARACTERS for c in text)
