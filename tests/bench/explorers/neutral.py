"""The judge of the `explore` bench: what counts as one state and one element, for everybody.

A state is DroidBot's (device_state.py, `state_str`): the window in front and the set of signatures
of what shows, each its class, its text where that has at most 50 characters, and whether it is
enabled, checked and selected; places do not count. The desktop's own panel is left out, as DroidBot
leaves out the system's. An element is a program, a role and a name that shows. None of it is used
by an explorer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

TEXT_CHARS: Final = 50
STATES: Final = ("enabled", "checked", "selected")
PANELS: Final = ("panel", "wrapper", "desktop")
SCREEN: Final = (1280, 800)


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing of a screen, as any reader tells it; the box is left, top, right, bottom."""

    app: str
    role: str
    name: str
    states: frozenset[str]
    box: tuple[int, int, int, int] | None


@dataclass(slots=True)
class Found:
    """What an explorer has met, and how long it worked."""

    states: set[str] = field(default_factory=set)
    elements: set[tuple[str, str, str]] = field(default_factory=set)
    looks: int = 0
    steps: int = 0
    worked_s: float = 0.0
    diverged: int = 0

    def saw(self, things: Iterable[Seen]) -> None:
        """Count one look at the screen."""
        shown = [thing for thing in things if shows(thing)]
        self.looks += 1
        self.states.add(state_of(shown))
        self.elements |= {(t.app, t.role, t.name) for t in shown if t.name}

    def per_min(self, count: int) -> float:
        """So many in a minute of the machine's work."""
        return round(60 * count / max(self.worked_s, 1.0), 2)


def shows(thing: Seen) -> bool:
    """Whether any of it is on the screen, and it is not the desktop's own."""
    if thing.box is None or not {"showing", "visible"} <= thing.states:
        return False
    left, top, right, bottom = thing.box
    inside = right > left and bottom > top and left < SCREEN[0] and top < SCREEN[1]
    return inside and right > 0 and bottom > 0 and not _is_panel(thing.app)


def state_of(shown: Iterable[Seen]) -> str:
    """The name of the state that these things make."""
    front, signatures = "", set()
    for thing in shown:
        text = thing.name if len(thing.name) <= TEXT_CHARS else ""
        flags = [flag for flag in STATES if flag in thing.states]
        signatures.add(f"{thing.role}|{text}|{flags}")
        if "active" in thing.states:
            front = f"{thing.app}|{text}"
    return hashlib.md5(f"{front}{sorted(signatures)}".encode()).hexdigest()


def _is_panel(app: str) -> bool:
    return any(word in app.casefold() for word in PANELS)
