"""Text in any script: characters that no key has are lent a spare keycode of the X keyboard.

A client reads the key map when it handles the key, not when it was pressed; so every character of
a batch gets a keycode of its own, and the map is not changed again before the programs had time
to catch up. Nor may it repeat: a server that is busy telling the new map lets the release wait for
longer than a key is held before it begins to.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from envs.guest.faults import Refused

UNICODE: Final = 0x01000000
"""Keysyms of Unicode characters are this plus the code point."""
NAMED: Final = {"\n": 0xFF0D, "\t": 0xFF09}
SETTLE_S: Final = 0.4
"""From a change of the map to the first key, and from the last key to the next change."""
GAP_S: Final = 0.015
FEWEST: Final = 4


def keysym(character: str) -> int:
    """X's name for a character. Raises Refused for a control character."""
    code = ord(character)
    if character in NAMED:
        return NAMED[character]
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000:
        raise Refused("rejected", f"the control character {code:#x} cannot be typed")
    return code if code < 0x100 else UNICODE + code


def batches(message: str, most: int) -> Iterator[str]:
    """`message` in order, cut so that no part has more than `most` different characters."""
    start, seen = 0, set[str]()
    for index, character in enumerate(message):
        if character not in seen and len(seen) == most:
            yield message[start:index]
            start, seen = index, set()
        seen.add(character)
    if message[start:]:
        yield message[start:]


def spare_keycodes(mapping: list[list[int]], first: int) -> list[int]:
    """Keycodes that carry nothing, or only a Unicode keysym that an earlier text lent them."""
    return [
        first + index
        for index, symbols in enumerate(mapping)
        if all(s == 0 or s >= UNICODE for s in symbols)
    ]


def write(message: str) -> None:
    """Type `message` into whatever has the focus. Raises Refused where no keycode is spare."""
    from Xlib.display import Display

    for character in message:
        keysym(character)
    display = Display()
    try:
        first, last = display.display.info.min_keycode, display.display.info.max_keycode
        mapping = display.get_keyboard_mapping(first, last - first + 1)
        spare = spare_keycodes([list(row) for row in mapping], first)
        if len(spare) < FEWEST:
            raise Refused("rejected", "the keyboard has no spare keycodes")
        for part in batches(message, len(spare)):
            _type(display, part, spare)
    finally:
        display.close()


def _type(display: Any, part: str, spare: list[int]) -> None:
    """Lend a keycode to each character of `part` and press them in order."""
    from Xlib import X
    from Xlib.ext.xtest import fake_input

    lent = dict(zip(dict.fromkeys(part), spare, strict=False))
    for character, code in lent.items():
        display.change_keyboard_mapping(code, [(keysym(character),) * 2])
    for code in lent.values():  # after the map: a new keysym makes its key repeat again
        display.change_keyboard_control(key=code, auto_repeat_mode=X.AutoRepeatModeOff)
    display.sync()
    time.sleep(SETTLE_S)
    for character in part:
        fake_input(display, X.KeyPress, lent[character])
        fake_input(display, X.KeyRelease, lent[character])
        display.sync()
        time.sleep(GAP_S)
    time.sleep(SETTLE_S)
