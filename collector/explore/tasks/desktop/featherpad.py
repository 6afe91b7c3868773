"""Tasks in the text editor FeatherPad, a program of Qt."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.desktop import mousepad
from collector.explore.tasks.intents import Intent, Keys, Press, Say, WaitFor
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Values, on_desktop

APP: Final = "featherpad.desktop"
PAGE: Final = Target(("textbox",), app="featherpad")
SAVE: Final = Press(Target(("button",), ("Save", "保存"), app="featherpad"), keys=("ctrl", "s"))


def begin(v: Values) -> list[Intent]:
    """The file shows, and the text has the focus."""
    shown = Target(("window",), (v["file"],), "has", app="featherpad")
    return [WaitFor(shown), Press(PAGE)]


def append(v: Values) -> list[Intent]:
    """To the end, type, save."""
    end = Keys(("ctrl", "end"), "goes to the end of the text")
    return [*begin(v), end, Say(v["line"], f"types {v['line']!r} at the end"), SAVE]


def entitle(v: Values) -> list[Intent]:
    """To the start, type, a new line, save."""
    start = Keys(("ctrl", "home"), "goes to the start of the text")
    return [*begin(v), start, Say(v["line"], f"types {v['line']!r} on top", submit=True), SAVE]


def delete_last(v: Values) -> list[Intent]:
    """Mark from the start of the last line to the end, delete, save."""
    return [
        *begin(v),
        Keys(("ctrl", "end"), "goes to the end of the text"),
        Keys(("shift", "up"), "marks the last line"),
        Keys(("delete",), "deletes it"),
        SAVE,
    ]


TASKS: Final = (
    on_desktop(
        "featherpad-append", APP,
        ("In FeatherPad, add the line “{line}” at the end of {file} and save the file.",
         "在 FeatherPad 中，在 {file} 末尾添加一行“{line}”，然后保存。"),
        mousepad.draw, append, lambda s, v: mousepad.holds(s, v["file"], [*v["rows"], v["line"]]),
    ),
    on_desktop(
        "featherpad-title", APP,
        ("In FeatherPad, put “{line}” as a new first line into {file} and save the file.",
         "在 FeatherPad 中，在 {file} 的最前面加一行“{line}”，然后保存。"),
        mousepad.draw, entitle, lambda s, v: mousepad.holds(s, v["file"], [v["line"], *v["rows"]]),
    ),
    on_desktop(
        "featherpad-delete-last", APP,
        ("In FeatherPad, delete the last line of {file} and save the file.",
         "在 FeatherPad 中，删除 {file} 的最后一行，然后保存。"),
        mousepad.draw, delete_last, lambda s, v: mousepad.holds(s, v["file"], v["rows"][:-1]),
    ),
)  # fmt: skip
