"""Checks that each action does what it says, seen by another way than the screen it went in by.

They run once for each way that actions can go in.
"""

from __future__ import annotations

from envs.actions import (
    Click,
    DoubleClick,
    Drag,
    HoldKey,
    Hotkey,
    KeyDown,
    KeyUp,
    MiddleClick,
    MouseDown,
    MouseUp,
    MoveTo,
    PathPoint,
    Press,
    RightClick,
    Scroll,
    TripleClick,
    Write,
)
from envs.conformance.subject import (
    QUIET_SHARE,
    Skipped,
    Subject,
    difference,
    expect,
)

SYMBOLS = "Az09 `~!@#$%^&*()-_=+[{]}\\|;:'\",<.>/?"
SCRIPTS = "汉字 Ωμέγα Привет naïve €"
MARKUP = "<script>alert(1)</script> =1+2 ${HOME} %s"
LINE = 8
"""Below a field's top: inside the first line of its text."""
INSIDE = 2
"""Right of a field's left: before the middle of the first character."""
FAR = 200
"""Right of a field's left: behind the end of a short line."""
WORD = 10
MOVED = 0.01


def _line(s: Subject, right: int) -> tuple[int, int]:
    box = s.playground.box("field")
    return box.left + right, box.top + LINE


def write_types_every_key(s: Subject) -> None:
    """Every character of the keyboard arrives as it was sent."""
    s.playground.prepare()
    s.applied(Write(SYMBOLS))
    s.reads(SYMBOLS)


def write_passes_markup_as_text(s: Subject) -> None:
    """What looks like code is text."""
    s.playground.prepare()
    s.applied(Write(MARKUP))
    s.reads(MARKUP)


def write_takes_any_script(s: Subject) -> None:
    """Characters that no key has arrive too."""
    if not s.env.capabilities.any_script:
        raise Skipped("this machine types only what is on its keyboard")
    s.playground.prepare()
    s.applied(Write(SCRIPTS))
    s.reads(SCRIPTS)


def write_clears_first(s: Subject) -> None:
    """`clear` replaces what was there."""
    s.playground.prepare()
    s.applied(Write("old words"), Write("new", clear=True))
    s.reads("new")


def write_submits_with_enter(s: Subject) -> None:
    """`submit` is the enter key: in a field of lines, a new line."""
    s.playground.prepare()
    s.applied(Write("one", submit=True), Write("two"))
    s.reads("one\ntwo")


def press_presses_each_key_in_turn(s: Subject) -> None:
    """Named keys and characters alike."""
    s.playground.prepare()
    s.applied(Press(("a", "b", "backspace", "c")))
    s.reads("ac")


def press_repeats_the_row(s: Subject) -> None:
    """`presses` repeats all of it."""
    s.playground.prepare()
    s.applied(Press(("x", "y"), presses=3))
    s.reads("xyxyxy")


def hotkey_holds_keys_together(s: Subject) -> None:
    """Select all, and what is typed then takes its place."""
    s.playground.prepare()
    s.applied(Write("to be replaced"), Hotkey(("ctrl", "a")), Write("kept"))
    s.reads("kept")


def key_down_stays_down(s: Subject) -> None:
    """A key held by one action is held for the next, and released after."""
    s.playground.prepare()
    s.applied(KeyDown("shift"), Press(("a",)), KeyUp("shift"), Press(("a",)))
    s.reads("Aa")


def hold_key_presses_it(s: Subject) -> None:
    """A key held for a moment types at least once, and is up afterwards."""
    s.playground.prepare()
    s.applied(HoldKey("k", 0.1), Write("."))
    s.sees(lambda: s.playground.text().endswith("."), "what was typed after it did not arrive")
    found = s.playground.text()
    expect(set(found) == {"k", "."}, f"the field holds {found[:80]!r}")


def click_presses_the_button(s: Subject) -> None:
    """A click hits what is there."""
    s.playground.prepare()
    expect(not s.playground.is_pressed(), "it was pressed before")
    s.applied(Click(*s.playground.box("button").centre))
    s.sees(s.playground.is_pressed, "the button was not pressed")


def click_places_the_caret(s: Subject) -> None:
    """A click before the first character types before it."""
    s.playground.prepare()
    s.applied(Write("one two"), Click(*_line(s, INSIDE)), Write("X"))
    s.reads("Xone two")


def click_with_shift_selects(s: Subject) -> None:
    """A modifier is held while the button goes down, and released after."""
    s.playground.prepare()
    s.applied(Write("one two"), Click(*_line(s, INSIDE), modifiers=("shift",)), Write("x"))
    s.reads("x")


def double_click_selects_a_word(s: Subject) -> None:
    """Two clicks, close enough to be one."""
    s.playground.prepare()
    s.applied(Write("first second"), DoubleClick(*_line(s, WORD)), Write("X"))
    s.reads("X second")


def triple_click_selects_a_line(s: Subject) -> None:
    """Three clicks take the line, with or without its end."""
    s.playground.prepare()
    s.applied(Write("first line\nsecond"), TripleClick(*_line(s, WORD)), Write("X"))
    s.reads("X\nsecond", "Xsecond")


def right_click_opens_a_menu(s: Subject) -> None:
    """Something appears, and the escape key takes it away."""
    s.playground.prepare()
    before = s.settle()
    s.applied(RightClick(*_line(s, WORD)))
    s.sees(lambda: difference(before, s.env.screen()) > QUIET_SHARE, "nothing appeared")
    s.applied(Press(("esc",)))
    s.settle()


def middle_click_is_taken(s: Subject) -> None:
    """The middle button is a button."""
    s.playground.prepare()
    s.applied(MiddleClick(*_line(s, WORD)))


def mouse_down_and_up_drag(s: Subject) -> None:
    """A button held by one action is held while the next ones move."""
    s.playground.prepare()
    s.applied(
        Write("one two"),
        MoveTo(*_line(s, INSIDE)),
        MouseDown(),
        MoveTo(*_line(s, WORD)),
        MoveTo(*_line(s, FAR)),
        MouseUp(),
        Write("X"),
    )
    s.reads("X")


def drag_follows_its_path(s: Subject) -> None:
    """Dragging over a line selects it."""
    s.playground.prepare()
    (x1, y1), (x2, y2) = _line(s, INSIDE), _line(s, FAR)
    path = (PathPoint(x1, y1, 0), PathPoint((x1 + x2) // 2, y1, 150), PathPoint(x2, y2, 300))
    s.applied(Write("one two"), Drag(path), Write("X"))
    s.reads("X")


def scroll_moves_and_comes_back(s: Subject) -> None:
    """Down moves the list; up, as far, brings it back."""
    s.playground.prepare()
    box = s.playground.box("list")
    before = s.settle()
    s.applied(Scroll(*box.centre, dy=-2))
    s.sees(lambda: difference(before, s.env.screen(), box) > MOVED, "the list did not move down")
    share = difference(before, s.settle(), box)
    s.applied(Scroll(*box.centre, dy=2))
    s.sees(
        lambda: difference(before, s.env.screen(), box) < share / 2,
        "the list did not come back",
    )


CHECKS = (
    write_types_every_key,
    write_passes_markup_as_text,
    write_takes_any_script,
    write_clears_first,
    write_submits_with_enter,
    press_presses_each_key_in_turn,
    press_repeats_the_row,
    hotkey_holds_keys_together,
    key_down_stays_down,
    hold_key_presses_it,
    click_presses_the_button,
    click_places_the_caret,
    click_with_shift_selects,
    double_click_selects_a_word,
    triple_click_selects_a_line,
    right_click_opens_a_menu,
    middle_click_is_taken,
    mouse_down_and_up_drag,
    drag_follows_its_path,
    scroll_moves_and_comes_back,
)
