"""What a person means to do, one step at a time: press, type, choose, tick, slide, drag, wait.

Each is data and says nothing of pixels. How it is done varies with the seed: by pointer or by
keys, by a menu or by its shortcut; what comes of it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from collector.explore import moves
from collector.explore.base import Choice
from collector.explore.tasks.stage import AstrayError, Stage
from collector.explore.tasks.target import Match, Target, the
from envs import actions as do

BY_KEYS: Final = 0.35
"""How often keys are taken where a pointer would do as well."""
MOST_KEYS: Final = 120
ENTRY_ROLES: Final = ("menuitem", "menuitemcheckbox", "menuitemradio", "menu", "check-menu-item",
                      "radio-menu-item", "checkmenuitem", "radiomenuitem", "tear-off-menu-item")  # fmt: skip


class Intent(Protocol):
    """One thing that is meant."""

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Do it, one choice after the other. Raises AstrayError where it cannot be done."""
        ...


@dataclass(frozen=True, slots=True)
class Press:
    """Press something, once or twice, with either button."""

    target: Target
    how: Literal["click", "double", "right"] = "click"
    keys: tuple[str, ...] = ()
    """A shortcut that does the same."""
    modifiers: tuple[str, ...] = ()

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Go there and press."""
        if self.keys and stage.rng.random() < BY_KEYS:
            yield Choice(_keys(self.keys), None, f"presses {self.target} by its keys")
            return
        yield from stage.aim(self.target)
        node = stage.at(self.target)
        x, y = stage.spot(node)
        made: dict[str, do.Action] = {
            "click": do.Click(x, y, modifiers=self.modifiers),
            "double": do.DoubleClick(x, y),
            "right": do.RightClick(x, y),
        }
        words = {"click": "presses", "double": "opens", "right": "asks for the menu of"}
        yield Choice(made[self.how], node.id, f"{words[self.how]} {self.target}")


@dataclass(frozen=True, slots=True)
class Type:
    """Put a text into a field in place of what it holds."""

    target: Target
    text: str
    submit: bool = False

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Go for the field, by the tabulator from the one before or by the pointer, and type."""
        if stage.field_before and stage.rng.random() < BY_KEYS:
            yield Choice(do.Press(("tab",)), None, f"goes on to {self.target}")
        if not stage.state(self.target, "focused"):
            yield from Press(self.target).play(stage)
        node = stage.at(self.target)
        stage.field_before = node.id
        clear = bool(node.element.value)
        action = do.Write(self.text, clear=clear, submit=self.submit)
        yield Choice(action, node.id, f"types {self.text[:60]!r} into {self.target}")


@dataclass(frozen=True, slots=True)
class Keys:
    """Press keys where the focus is: several together, or one several times."""

    keys: tuple[str, ...]
    why: str
    times: int = 1

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Press them."""
        del stage
        yield Choice(_keys(self.keys, self.times), None, self.why)


@dataclass(frozen=True, slots=True)
class Say:
    """Type where the focus is."""

    text: str
    why: str
    submit: bool = False
    clear: bool = False

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Type it."""
        del stage
        yield Choice(do.Write(self.text, clear=self.clear, submit=self.submit), None, self.why)


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose an option of a list box of a page."""

    target: Target
    option: str

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Choose it as the browser lets one."""
        yield from stage.aim(self.target)
        node = stage.at(self.target)
        action = do.SelectOption(*node.box.centre, self.option)
        yield Choice(action, node.id, f"chooses {self.option!r} in {self.target}")


@dataclass(frozen=True, slots=True)
class Tick:
    """See to it that a box, a switch or a toggle is on, or off."""

    target: Target
    on: bool = True

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Press it where it is not as it should be."""
        yield from stage.reach(self.target)
        if stage.state(self.target, "checked", "pressed", "selected") != self.on:
            yield from Press(self.target).play(stage)


@dataclass(frozen=True, slots=True)
class Menu:
    """Choose from a menu, by its entries or by the shortcut; each entry by its names."""

    path: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...] = ()
    app: str = ""

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Open one menu after the other."""
        words = " > ".join(names[0] for names in self.path)
        if self.keys and stage.rng.random() < BY_KEYS:
            yield Choice(_keys(self.keys), None, f"{words}, by its keys")
            return
        for names in self.path:
            match: Match = "is" if self.app else "starts"  # a page's entries go on with their keys
            entry = Target(ENTRY_ROLES, names, match, app=self.app)
            yield from stage.reach(entry)
            node = stage.at(entry)
            yield Choice(do.Click(*stage.spot(node)), node.id, f"{words}: {names[0]}")


@dataclass(frozen=True, slots=True)
class Slide:
    """Set a slider to a value, by the arrow keys once it has the focus."""

    target: Target
    value: int

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Press somewhere on it, then walk to the value."""
        yield from Press(self.target).play(stage)
        for _ in range(4):
            away = self.value - round(float(stage.at(self.target).element.value or 0))
            if not away:
                return
            key = "right" if away > 0 else "left"
            action = do.Press((key,), min(abs(away), MOST_KEYS))
            node = stage.at(self.target)
            yield Choice(action, node.id, f"moves {self.target} to {self.value}")
        raise AstrayError(f"{self.target} does not become {self.value}")


@dataclass(frozen=True, slots=True)
class SetTime:
    """Set a time field of a page, part by part as the locale has them."""

    target: Target
    clock: str
    """`HH:MM`."""

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Press its first part and type the digits."""
        yield from stage.aim(self.target)
        node = stage.at(self.target)
        box = node.box
        yield Choice(do.Click(box.left + 16, box.centre[1]), node.id, f"presses {self.target}")
        hour, minute = (int(part) for part in self.clock.split(":"))
        digits = f"{hour:02d}{minute:02d}"
        if stage.language != "zh":
            digits = f"{(hour - 1) % 12 + 1:02d}{minute:02d}{'PM' if hour >= 12 else 'AM'}"
        yield Choice(do.Write(digits), node.id, f"types the time {self.clock}")


@dataclass(frozen=True, slots=True)
class Drag:
    """Take something and let it go on something else."""

    target: Target
    onto: Target

    def play(self, stage: Stage) -> Iterator[Choice]:
        """One drag from the one to the other."""
        yield from stage.aim(self.target)
        yield from stage.reach(self.onto)
        start, end = stage.at(self.target), stage.at(self.onto)
        path = moves.path(stage.spot(start), end.box.centre)
        yield Choice(do.Drag(path), start.id, f"drags {self.target} onto {self.onto}")


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Wait until something is there, or somewhere to be scrolled to."""

    target: Target

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Wait, and scroll."""
        yield from stage.reach(self.target)


@dataclass(frozen=True, slots=True)
class Pause:
    """Give a program time for what the tree does not tell."""

    why: str
    took_s: float = 3.0

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Wait."""
        del stage
        yield Choice(do.Wait(self.took_s), None, self.why)


@dataclass(frozen=True, slots=True)
class Either:
    """One of several ways that come to the same, drawn by the seed."""

    ways: tuple[tuple[Intent, ...], ...] = field(default=())

    def play(self, stage: Stage) -> Iterator[Choice]:
        """Play one of them."""
        for intent in stage.rng.choice(self.ways):
            yield from intent.play(stage)


def button(*names: str, within: Target | None = None) -> Target:
    """A button of one of these names."""
    return the(("button", "toggle-button", "togglebutton", "push-button"), *names, within=within)


def _keys(keys: tuple[str, ...], times: int = 1) -> do.Action:
    return do.Press(keys, times) if len(keys) == 1 else do.Hotkey(keys)
