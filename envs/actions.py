"""The closed set of typed actions, by Desktop, Mobile and Web, in screenshot pixels.

An action is a frozen dataclass; its record is `{"name": …, "args": {…}}`. Names follow pyautogui
where it has the concept. `Scroll.dy > 0` turns the wheel up (the content moves down), as
pyautogui's positive does and as Playwright's `deltaY` does not. A drag carries its whole path.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from infra.errors import UsageError

Button = Literal["left", "middle", "right"]
Family = Literal["desktop", "mobile", "web"]
DESKTOP: typing.Final = frozenset({"desktop", "web"})
MOBILE: typing.Final = frozenset({"mobile"})
WEB: typing.Final = frozenset({"web"})
ALL: typing.Final = frozenset({"desktop", "mobile", "web"})


@dataclass(frozen=True, slots=True)
class Action:
    """Root of the action space; `name` is the canonical name, `families` who may perform it."""

    name: ClassVar[str] = ""
    families: ClassVar[frozenset[str]] = ALL

    def as_record(self) -> dict[str, Any]:
        """The action as plain data, every argument named."""
        return {"name": self.name, "args": dataclasses.asdict(self)}

    def points(self) -> tuple[tuple[int, int], ...]:
        """The screen pixels this action touches, in order."""
        x, y = getattr(self, "x", None), getattr(self, "y", None)
        return () if x is None or y is None else ((x, y),)


@dataclass(frozen=True, slots=True)
class PathPoint:
    """One point of a drag: where the pointer was, milliseconds after the button went down."""

    x: int
    y: int
    t_ms: int


# --- pointer, desktop and web -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Click(Action):
    """Press and release a button at a point, `clicks` times, with modifier keys held."""

    name: ClassVar[str] = "click"
    families: ClassVar[frozenset[str]] = DESKTOP
    x: int
    y: int
    button: Button = "left"
    clicks: int = 1
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoubleClick(Action):
    """Two quick left clicks at a point."""

    name: ClassVar[str] = "double_click"
    families: ClassVar[frozenset[str]] = DESKTOP
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class TripleClick(Action):
    """Three quick left clicks at a point: selects a line or paragraph."""

    name: ClassVar[str] = "triple_click"
    families: ClassVar[frozenset[str]] = DESKTOP
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class RightClick(Action):
    """One click of the right button at a point."""

    name: ClassVar[str] = "right_click"
    families: ClassVar[frozenset[str]] = DESKTOP
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MiddleClick(Action):
    """One click of the middle button at a point."""

    name: ClassVar[str] = "middle_click"
    families: ClassVar[frozenset[str]] = DESKTOP
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MoveTo(Action):
    """Move the pointer without pressing anything."""

    name: ClassVar[str] = "move_to"
    families: ClassVar[frozenset[str]] = DESKTOP
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drag(Action):
    """Press at the path's first point, follow it, release at its last."""

    name: ClassVar[str] = "drag"
    families: ClassVar[frozenset[str]] = ALL
    path: tuple[PathPoint, ...]
    button: Button = "left"

    def points(self) -> tuple[tuple[int, int], ...]:
        """Every point of the path."""
        return tuple((p.x, p.y) for p in self.path)


@dataclass(frozen=True, slots=True)
class MouseDown(Action):
    """Press a button where the pointer is and keep it down."""

    name: ClassVar[str] = "mouse_down"
    families: ClassVar[frozenset[str]] = DESKTOP
    button: Button = "left"


@dataclass(frozen=True, slots=True)
class MouseUp(Action):
    """Release a button where the pointer is."""

    name: ClassVar[str] = "mouse_up"
    families: ClassVar[frozenset[str]] = DESKTOP
    button: Button = "left"


@dataclass(frozen=True, slots=True)
class Scroll(Action):
    """Turn the wheel over a point: `dy > 0` up, `dx > 0` right, in notches."""

    name: ClassVar[str] = "scroll"
    families: ClassVar[frozenset[str]] = ALL
    x: int
    y: int
    dy: int = 0
    dx: int = 0
    unit: Literal["notch"] = "notch"


# --- keyboard ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Write(Action):
    """Enter text where the focus is; `clear` empties the field first, `submit` presses enter."""

    name: ClassVar[str] = "write"
    families: ClassVar[frozenset[str]] = ALL
    text: str
    clear: bool = False
    submit: bool = False


@dataclass(frozen=True, slots=True)
class Press(Action):
    """Press and release each key in turn, the whole row `presses` times."""

    name: ClassVar[str] = "press"
    families: ClassVar[frozenset[str]] = DESKTOP
    keys: tuple[str, ...]
    presses: int = 1


@dataclass(frozen=True, slots=True)
class Hotkey(Action):
    """Hold the keys down in order, release them in reverse."""

    name: ClassVar[str] = "hotkey"
    families: ClassVar[frozenset[str]] = DESKTOP
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyDown(Action):
    """Press a key and keep it down."""

    name: ClassVar[str] = "key_down"
    families: ClassVar[frozenset[str]] = DESKTOP
    key: str


@dataclass(frozen=True, slots=True)
class KeyUp(Action):
    """Release a key."""

    name: ClassVar[str] = "key_up"
    families: ClassVar[frozenset[str]] = DESKTOP
    key: str


@dataclass(frozen=True, slots=True)
class HoldKey(Action):
    """Hold a key down for a time."""

    name: ClassVar[str] = "hold_key"
    families: ClassVar[frozenset[str]] = DESKTOP
    key: str
    duration_s: float = 0.5


# --- touch -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tap(Action):
    """Touch a point briefly."""

    name: ClassVar[str] = "tap"
    families: ClassVar[frozenset[str]] = MOBILE
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class DoubleTap(Action):
    """Touch a point twice."""

    name: ClassVar[str] = "double_tap"
    families: ClassVar[frozenset[str]] = MOBILE
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class LongPress(Action):
    """Touch a point and stay there."""

    name: ClassVar[str] = "long_press"
    families: ClassVar[frozenset[str]] = MOBILE
    x: int
    y: int
    duration_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Swipe(Action):
    """Move a finger from one point to another."""

    name: ClassVar[str] = "swipe"
    families: ClassVar[frozenset[str]] = MOBILE
    x1: int
    y1: int
    x2: int
    y2: int
    duration_s: float = 0.3

    def points(self) -> tuple[tuple[int, int], ...]:
        """Both ends."""
        return (self.x1, self.y1), (self.x2, self.y2)


@dataclass(frozen=True, slots=True)
class Pinch(Action):
    """Two fingers about a point; `factor > 1` spreads them."""

    name: ClassVar[str] = "pinch"
    families: ClassVar[frozenset[str]] = MOBILE
    x: int
    y: int
    factor: float


@dataclass(frozen=True, slots=True)
class Clear(Action):
    """Empty the focused field."""

    name: ClassVar[str] = "clear"
    families: ClassVar[frozenset[str]] = MOBILE


@dataclass(frozen=True, slots=True)
class Enter(Action):
    """The keyboard's enter."""

    name: ClassVar[str] = "enter"
    families: ClassVar[frozenset[str]] = MOBILE


@dataclass(frozen=True, slots=True)
class Back(Action):
    """The system's back."""

    name: ClassVar[str] = "back"
    families: ClassVar[frozenset[str]] = MOBILE


@dataclass(frozen=True, slots=True)
class Home(Action):
    """The system's home."""

    name: ClassVar[str] = "home"
    families: ClassVar[frozenset[str]] = MOBILE


@dataclass(frozen=True, slots=True)
class Recents(Action):
    """The system's list of recent programs."""

    name: ClassVar[str] = "recents"
    families: ClassVar[frozenset[str]] = MOBILE


@dataclass(frozen=True, slots=True)
class OpenApp(Action):
    """Start a program by its name."""

    name: ClassVar[str] = "open_app"
    families: ClassVar[frozenset[str]] = MOBILE
    app_name: str


@dataclass(frozen=True, slots=True)
class Rotate(Action):
    """Turn the screen."""

    name: ClassVar[str] = "rotate"
    families: ClassVar[frozenset[str]] = MOBILE
    orientation: Literal["portrait", "landscape"]


# --- browser -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SelectOption(Action):
    """Choose `value` in the list box at a point."""

    name: ClassVar[str] = "select_option"
    families: ClassVar[frozenset[str]] = WEB
    x: int
    y: int
    value: str


@dataclass(frozen=True, slots=True)
class Goto(Action):
    """Open an address in this tab."""

    name: ClassVar[str] = "goto"
    families: ClassVar[frozenset[str]] = WEB
    url: str


@dataclass(frozen=True, slots=True)
class GoBack(Action):
    """One page back in this tab's history."""

    name: ClassVar[str] = "go_back"
    families: ClassVar[frozenset[str]] = WEB


@dataclass(frozen=True, slots=True)
class GoForward(Action):
    """One page forward in this tab's history."""

    name: ClassVar[str] = "go_forward"
    families: ClassVar[frozenset[str]] = WEB


@dataclass(frozen=True, slots=True)
class NewTab(Action):
    """Open an empty tab and turn to it."""

    name: ClassVar[str] = "new_tab"
    families: ClassVar[frozenset[str]] = WEB


@dataclass(frozen=True, slots=True)
class TabFocus(Action):
    """Turn to the tab of that index, from 0."""

    name: ClassVar[str] = "tab_focus"
    families: ClassVar[frozenset[str]] = WEB
    index: int


@dataclass(frozen=True, slots=True)
class TabClose(Action):
    """Close this tab."""

    name: ClassVar[str] = "tab_close"
    families: ClassVar[frozenset[str]] = WEB


@dataclass(frozen=True, slots=True)
class UploadFile(Action):
    """Give the file field at a point a file of the machine's own upload directory, by its name."""

    name: ClassVar[str] = "upload_file"
    families: ClassVar[frozenset[str]] = WEB
    x: int
    y: int
    file_name: str


# --- every platform ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wait(Action):
    """Let time pass."""

    name: ClassVar[str] = "wait"
    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Terminate(Action):
    """End the episode."""

    name: ClassVar[str] = "terminate"
    status: Literal["success", "failure"] = "success"


@dataclass(frozen=True, slots=True)
class Answer(Action):
    """Answer the goal's question in words."""

    name: ClassVar[str] = "answer"
    text: str


@dataclass(frozen=True, slots=True)
class AskUser(Action):
    """Ask the person for something only they know."""

    name: ClassVar[str] = "ask_user"
    text: str


ACTIONS: typing.Final[dict[str, type[Action]]] = {k.name: k for k in Action.__subclasses__()}
"""Every action by its canonical name."""


def names_of(family: Family) -> list[str]:
    """The canonical names of the actions a family of machines may perform, in order."""
    return sorted(name for name, kind in ACTIONS.items() if family in kind.families)


def from_record(record: dict[str, Any]) -> Action:
    """The action of a stored record. Raises UsageError for an unknown name, argument or type."""
    kind = ACTIONS.get(str(record.get("name")))
    if kind is None:
        raise UsageError(f"no action named {record.get('name')!r}", f"known: {', '.join(ACTIONS)}")
    hints = typing.get_type_hints(kind)
    args = record.get("args") or {}
    known = {f.name for f in dataclasses.fields(kind)}
    if unknown := set(args) - known:
        raise UsageError(f"{kind.name} has no argument {min(unknown)!r}", f"known: {known}")
    try:
        return kind(**{key: _coerce(hints[key], value) for key, value in args.items()})
    except (TypeError, ValueError) as error:
        raise UsageError(f"not a {kind.name} action: {error}", subject=kind.name) from error


def _coerce(hint: Any, value: Any) -> Any:
    """A JSON or msgpack value as the type an argument declares; ValueError where it is not one."""
    origin = typing.get_origin(hint)
    if origin is tuple:
        item = typing.get_args(hint)[0]
        return tuple(_coerce(item, v) for v in value)
    if origin is Literal:
        if value not in typing.get_args(hint):
            raise ValueError(f"{value!r} is not one of {typing.get_args(hint)}")
        return value
    if hint is PathPoint:
        return PathPoint(**{k: _coerce(int, v) for k, v in dict(value).items()})
    if isinstance(hint, types.UnionType):
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise ValueError(f"{value!r} is not {hint.__name__}")
    return value
