"""Actions as the machine's own pointer and keyboard make them: events sent from the host.

An action becomes strokes first, all of them checked, and only then is anything sent: a refusal
means that nothing happened. A stroke is a group of events that the guest gets together, and how
long to wait after it. Whatever is held when a stroke fails is released.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from envs import actions as do
from envs.acting import LONGEST_WAIT_S
from envs.keyboard import canonical, key_of
from envs.ubuntu.keys import QCODES
from infra.clock import Clock
from infra.errors import ActionRejected, TrawlError

Event = dict[str, Any]
Send = Callable[[list[Event]], None]
AXIS: Final = 0x8000
"""The tablet's axes run from 0 to one less; each pixel is sent by its middle."""
KEY_S: Final = 0.02
"""Between two keys: the guest's kernel holds 64 events for a reader that is slow to wake."""
POINT_S: Final = 0.05
"""Between a move and a press: what is under the pointer hears of it first."""
PRESS_S: Final = 0.04
AGAIN_S: Final = 0.06
"""Between the clicks of one double click."""
TURN_S: Final = 0.1
"""Between an event of one device and the next of the other: a guest that is slow to wake reads one
device to its end before it turns to the other, whatever the order they were used in."""
MOST_NOTCHES: Final = 100
MOST_PRESSES: Final = 100
LONGEST_TEXT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Stroke:
    """Events that go in together, and the seconds to wait after them."""

    events: tuple[Event, ...]
    then_s: float


class HostInput:
    """The pointer and keyboard of one machine."""

    def __init__(self, send: Send, clock: Clock, width: int, height: int) -> None:
        self._send = send
        self._clock = clock
        self._size = width, height
        self._held: dict[str, Event] = {}
        self._last = "", 0.0
        """Which device was used last, and when."""

    def perform(self, action: do.Action) -> None:
        """Perform one action. Raises ActionRejected before anything was sent."""
        strokes = list(self.strokes(action))
        before = dict(self._held)
        try:
            for stroke in strokes:
                self._stroke(stroke)
        except TrawlError:
            self._release(before)
            raise

    def strokes(self, action: do.Action) -> Iterable[Stroke]:
        """What the action is made of. Raises ActionRejected where it cannot go in this way."""
        maker = _MAKERS.get(type(action))
        if maker is None:
            raise ActionRejected(f"{action.name} does not go in by pointer and keyboard")
        return maker(self._size, action)

    def _stroke(self, stroke: Stroke) -> None:
        if stroke.events:
            self._turn_to("keyboard" if stroke.events[0]["type"] == "key" else "pointer")
            self._send(list(stroke.events))
            self._last = self._last[0], self._clock.monotonic_s()
        for event in stroke.events:
            self._note(event)
        self._clock.sleep(stroke.then_s)

    def _turn_to(self, device: str) -> None:
        """Let the guest take in what the other device said before."""
        last, at_s = self._last
        if last not in {"", device}:
            self._clock.sleep(at_s + TURN_S - self._clock.monotonic_s())
        self._last = device, at_s

    def _note(self, event: Event) -> None:
        """Remember what is down, as the event that lets it go."""
        data = event["data"]
        if event["type"] not in {"key", "btn"}:
            return
        what = str(data.get("key", data.get("button")))
        if data["down"]:
            self._held[what] = {"type": event["type"], "data": {**data, "down": False}}
        else:
            self._held.pop(what, None)

    def _release(self, keep: dict[str, Event]) -> None:
        for what in [what for what in self._held if what not in keep]:
            with contextlib.suppress(TrawlError):
                self._send([self._held.pop(what)])


def key(name: str, *, down: bool) -> Event:
    """A key going down or up, by its canonical name. Raises ActionRejected."""
    known = canonical(name)
    if known is None or known not in QCODES:
        raise ActionRejected(f"no key {name[:40]!r} on this keyboard")
    return {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": QCODES[known]}}}


def button(name: str, *, down: bool) -> Event:
    """A button, or a notch of the wheel, going down or up."""
    return {"type": "btn", "data": {"down": down, "button": name}}


def at(size: tuple[int, int], x: int, y: int) -> tuple[Event, Event]:
    """The pointer at a pixel."""
    return (
        {"type": "abs", "data": {"axis": "x", "value": (2 * x + 1) * AXIS // (2 * size[0])}},
        {"type": "abs", "data": {"axis": "y", "value": (2 * y + 1) * AXIS // (2 * size[1])}},
    )


def _tap(name: str, *, shift: bool = False) -> Stroke:
    """A key down and up again in one go, so that it can never repeat by itself."""
    events = [key(name, down=True), key(name, down=False)]
    if shift:
        events = [key("shift", down=True), *events, key("shift", down=False)]
    return Stroke(tuple(events), KEY_S)


def _chord(keys: tuple[str, ...]) -> Iterator[Stroke]:
    for name in keys:
        yield Stroke((key(name, down=True),), KEY_S)
    for name in reversed(keys):
        yield Stroke((key(name, down=False),), KEY_S)


def _press_button(name: str, clicks: int) -> Iterator[Stroke]:
    if not 1 <= clicks <= 3:
        raise ActionRejected("clicks is from 1 to 3")
    for _ in range(clicks):
        yield Stroke((button(name, down=True),), PRESS_S)
        yield Stroke((button(name, down=False),), AGAIN_S)


def _click(size: tuple[int, int], action: do.Click) -> Iterator[Stroke]:
    for name in action.modifiers:
        yield Stroke((key(name, down=True),), KEY_S)
    yield Stroke(at(size, action.x, action.y), POINT_S)
    yield from _press_button(action.button, action.clicks)
    for name in reversed(action.modifiers):
        yield Stroke((key(name, down=False),), KEY_S)


def _move(size: tuple[int, int], action: do.MoveTo) -> Iterator[Stroke]:
    yield Stroke(at(size, action.x, action.y), POINT_S)


def _drag(size: tuple[int, int], action: do.Drag) -> Iterator[Stroke]:
    path = action.path
    if not 2 <= len(path) <= 1000:
        raise ActionRejected("a drag's path has 2 to 1000 points")
    if path[-1].t_ms > LONGEST_WAIT_S * 1000:
        raise ActionRejected(f"a drag takes at most {LONGEST_WAIT_S:.0f} s")
    yield Stroke(at(size, path[0].x, path[0].y), POINT_S)
    yield Stroke((button(action.button, down=True),), PRESS_S)
    for point, following in zip(path, (*path[1:], path[-1]), strict=True):
        pause = max(0, following.t_ms - point.t_ms) / 1000
        yield Stroke(at(size, point.x, point.y), pause)
    yield Stroke((), PRESS_S)
    yield Stroke((button(action.button, down=False),), PRESS_S)


def _scroll(size: tuple[int, int], action: do.Scroll) -> Iterator[Stroke]:
    if action.dx:
        raise ActionRejected("the tablet has no sideways wheel")
    if abs(action.dy) > MOST_NOTCHES:
        raise ActionRejected(f"at most {MOST_NOTCHES} notches")
    wheel = "wheel-up" if action.dy > 0 else "wheel-down"
    yield Stroke(at(size, action.x, action.y), POINT_S)
    for _ in range(abs(action.dy)):
        yield Stroke((button(wheel, down=True), button(wheel, down=False)), KEY_S)


def _write(_size: tuple[int, int], action: do.Write) -> Iterator[Stroke]:
    if len(action.text) > LONGEST_TEXT:
        raise ActionRejected(f"at most {LONGEST_TEXT} characters")
    if action.clear:
        yield from _chord(("ctrl", "a"))
        yield _tap("backspace")
    for character in action.text:
        known = key_of(character)
        if known is None:
            raise ActionRejected(f"{character!r} is not on this keyboard")
        yield _tap(known.name, shift=known.shift)
    if action.submit:
        yield _tap("enter")


def _press(_size: tuple[int, int], action: do.Press) -> Iterator[Stroke]:
    if not 1 <= action.presses <= MOST_PRESSES or not action.keys:
        raise ActionRejected(f"presses is from 1 to {MOST_PRESSES}, of at least one key")
    for _ in range(action.presses):
        for name in action.keys:
            yield _tap(name)


def _hold(_size: tuple[int, int], action: do.HoldKey) -> Iterator[Stroke]:
    if not 0 <= action.duration_s <= LONGEST_WAIT_S:
        raise ActionRejected(f"duration_s is from 0 to {LONGEST_WAIT_S:.0f}")
    yield Stroke((key(action.key, down=True),), action.duration_s)
    yield Stroke((key(action.key, down=False),), KEY_S)


def _clicks_of(name: str, clicks: int) -> Callable[[tuple[int, int], Any], Iterator[Stroke]]:
    def strokes(size: tuple[int, int], action: Any) -> Iterator[Stroke]:
        yield Stroke(at(size, action.x, action.y), POINT_S)
        yield from _press_button(name, clicks)

    return strokes


_MAKERS: Final = cast(
    "dict[type[do.Action], Callable[[tuple[int, int], Any], Iterable[Stroke]]]",
    {
        do.Click: _click,
        do.DoubleClick: _clicks_of("left", 2),
        do.TripleClick: _clicks_of("left", 3),
        do.RightClick: _clicks_of("right", 1),
        do.MiddleClick: _clicks_of("middle", 1),
        do.MoveTo: _move,
        do.Drag: _drag,
        do.MouseDown: lambda _, a: [Stroke((button(a.button, down=True),), PRESS_S)],
        do.MouseUp: lambda _, a: [Stroke((button(a.button, down=False),), PRESS_S)],
        do.Scroll: _scroll,
        do.Write: _write,
        do.Press: _press,
        do.Hotkey: lambda _, a: _chord(a.keys),
        do.KeyDown: lambda _, a: [Stroke((key(a.key, down=True),), KEY_S)],
        do.KeyUp: lambda _, a: [Stroke((key(a.key, down=False),), KEY_S)],
        do.HoldKey: _hold,
    },
)
