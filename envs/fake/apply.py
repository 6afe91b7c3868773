"""Actions as the fake desktop takes them: pointer and key events, in the order a person makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from envs import actions as do
from envs.acting import LONGEST_WAIT_S
from envs.fake import keys
from envs.fake.desk import Desk
from envs.keyboard import canonical, is_typable, key_of
from infra.clock import Clock
from infra.errors import ActionRejected


def apply(desk: Desk, clock: Clock, action: do.Action) -> None:
    """Perform one action. Raises ActionRejected before anything happened."""
    _APPLY[type(action)](desk, clock, action)


def _key(name: str) -> str:
    key = canonical(name)
    if key is None:
        raise ActionRejected(f"no key {name[:40]!r} on this keyboard")
    return key


def _press(desk: Desk, x: int, y: int, button: str, clicks: int) -> None:
    desk.move(x, y)
    for count in range(1, clicks + 1):
        desk.down(button, count)
        desk.up(button)


def _click(desk: Desk, _clock: Clock, action: do.Click) -> None:
    if not 1 <= action.clicks <= 3:
        raise ActionRejected("clicks is from 1 to 3")
    held = [_key(name) for name in action.modifiers]
    for key in held:
        keys.down(desk, key)
    _press(desk, action.x, action.y, action.button, action.clicks)
    for key in reversed(held):
        keys.up(desk, key)


def _drag(desk: Desk, _clock: Clock, action: do.Drag) -> None:
    if len(action.path) < 2:
        raise ActionRejected("a drag's path has at least two points")
    first = action.path[0]
    desk.move(first.x, first.y)
    desk.down(action.button)
    for point in action.path[1:]:
        desk.move(point.x, point.y)
    desk.up(action.button)


def _scroll(desk: Desk, _clock: Clock, action: do.Scroll) -> None:
    desk.move(action.x, action.y)
    desk.wheel(action.dy)


def _write(desk: Desk, _clock: Clock, action: do.Write) -> None:
    if action.clear:
        desk.edit("Select All")
        keys.down(desk, "backspace")
        keys.up(desk, "backspace")
    if is_typable(action.text):
        for character in action.text:
            _type(desk, character)
    else:
        keys.enter_text(desk, action.text)
    if action.submit:
        keys.down(desk, "enter")
        keys.up(desk, "enter")


def _type(desk: Desk, character: str) -> None:
    key = key_of(character)
    assert key is not None
    row = ["shift", key.name] if key.shift else [key.name]
    for name in row:
        keys.down(desk, name)
    for name in reversed(row):
        keys.up(desk, name)


def _press_keys(desk: Desk, _clock: Clock, action: do.Press) -> None:
    row = [_key(name) for name in action.keys]
    for key in row * min(action.presses, 100):
        keys.down(desk, key)
        keys.up(desk, key)


def _hotkey(desk: Desk, _clock: Clock, action: do.Hotkey) -> None:
    row = [_key(name) for name in action.keys]
    for key in row:
        keys.down(desk, key)
    for key in reversed(row):
        keys.up(desk, key)


def _hold(desk: Desk, clock: Clock, action: do.HoldKey) -> None:
    key = _key(action.key)
    keys.down(desk, key)
    clock.sleep(min(LONGEST_WAIT_S, action.duration_s))
    keys.up(desk, key)


def _click_of(button: str, clicks: int) -> Callable[[Desk, Clock, Any], None]:
    return lambda desk, _, action: _press(desk, action.x, action.y, button, clicks)


_APPLY: Final = cast(
    "dict[type[do.Action], Callable[[Desk, Clock, Any], None]]",
    {
        do.Click: _click,
        do.DoubleClick: _click_of("left", 2),
        do.TripleClick: _click_of("left", 3),
        do.RightClick: _click_of("right", 1),
        do.MiddleClick: _click_of("middle", 1),
        do.MoveTo: lambda desk, _, action: desk.move(action.x, action.y),
        do.Drag: _drag,
        do.MouseDown: lambda desk, _, action: desk.down(action.button),
        do.MouseUp: lambda desk, _, action: desk.up(action.button),
        do.Scroll: _scroll,
        do.Write: _write,
        do.Press: _press_keys,
        do.Hotkey: _hotkey,
        do.KeyDown: lambda desk, _, action: keys.down(desk, _key(action.key)),
        do.KeyUp: lambda desk, _, action: keys.up(desk, _key(action.key)),
        do.HoldKey: _hold,
        do.Wait: lambda _, clock, action: clock.sleep(min(LONGEST_WAIT_S, action.seconds)),
    },
)
PERFORMED: Final = frozenset(kind.name for kind in _APPLY)
"""The canonical names of what the fake desktop performs."""
