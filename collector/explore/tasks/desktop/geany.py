"""Tasks in the code editor Geany; it opens what it is given in a tab of the window it has."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks import texts
from collector.explore.tasks.desktop.mousepad import holds
from collector.explore.tasks.intents import Intent, Keys, Menu, Press, Say, WaitFor
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Setting, Values, on_desktop

APP: Final = "geany.desktop"
SAVE: Final = Press(Target(("button",), ("Save", "保存"), app="geany"), keys=("ctrl", "s"))


def draw(setting: Setting) -> Values:
    """A small program; one of its lines, and another value."""
    names = setting.rng.sample(["width", "height", "depth", "rate", "limit", "count"], 4)
    numbers = [setting.rng.randrange(10, 90) for _ in names]
    rows = [f"{name} = {number}" for name, number in zip(names, numbers, strict=True)]
    number, other = setting.rng.sample(range(1, 5), 2)
    file = texts.names(setting, "py", 1)[0]
    line = f"print({names[0]} * {names[1]})"
    return {
        "file": file, "rows": rows, "number": number, "other": other, "line": line,
        "files": {file: texts.text_of(rows)},
    }  # fmt: skip


def begin(v: Values) -> list[Intent]:
    """The file shows, and the text has the focus."""
    shown = Target(("window",), (v["file"],), "has", app="geany")
    text = Target(("textbox",), app="geany", within=shown)
    return [WaitFor(shown), Press(text), Keys(("ctrl", "home"), "goes to the first line")]


def to_line(v: Values) -> list[Intent]:
    """Down to the line."""
    down = Keys(("down",), f"goes down to line {v['number']}", v["number"] - 1)
    return [*begin(v), *([down] if v["number"] > 1 else [])]


def append(v: Values) -> list[Intent]:
    """To the end, type, save."""
    end = Keys(("ctrl", "end"), "goes to the end of the text")
    return [*begin(v), end, Say(v["line"], f"types {v['line']!r}"), SAVE]


def comment(v: Values) -> list[Intent]:
    """Turn the line into a comment, save."""
    entry = (("Edit", "编辑"), ("Format", "格式"), ("Toggle Line Commentation", "切换行注释"))
    return [*to_line(v), Menu(entry, ("ctrl", "e"), "geany"), SAVE]


def twice(v: Values) -> list[Intent]:
    """Duplicate the line, save."""
    return [*to_line(v), Keys(("ctrl", "d"), "duplicates the line"), SAVE]


def delete(v: Values) -> list[Intent]:
    """Delete the line, save."""
    return [*to_line(v), Keys(("ctrl", "k"), "deletes the line"), SAVE]


def commented(state: State, v: Values) -> Verdict:
    """Whether that line, and no other, is a comment that says what it said."""
    text = state.text(v["file"]) or ""
    found = [n for n, row in enumerate(text.split("\n"), 1) if row.startswith("#")]
    bare = [row.lstrip("#~ ") for row in text.split("\n")]
    return verdict(lines_that_are_comments=(found, [v["number"]]), code=(bare, v["rows"]))


def doubled(v: Values) -> list[str]:
    """The lines with one twice."""
    at = v["number"]
    return [*v["rows"][:at], v["rows"][at - 1], *v["rows"][at:]]


TASKS: Final = (
    on_desktop(
        "geany-append", APP,
        ("In Geany, add the line {line} at the end of {file} and save the file.",
         "在 Geany 中，在 {file} 末尾添加一行 {line}，然后保存。"),
        draw, append, lambda s, v: holds(s, v["file"], [*v["rows"], v["line"]]),
    ),
    on_desktop(
        "geany-comment", APP,
        ("In Geany, comment out line {number} of {file} and save the file.",
         "在 Geany 中，把 {file} 的第 {number} 行注释掉，然后保存。"),
        draw, comment, commented,
    ),
    on_desktop(
        "geany-duplicate", APP,
        ("In Geany, duplicate line {number} of {file} and save the file.",
         "在 Geany 中，把 {file} 的第 {number} 行复制一份，然后保存。"),
        draw, twice, lambda s, v: holds(s, v["file"], doubled(v)),
    ),
    on_desktop(
        "geany-delete", APP,
        ("In Geany, delete line {number} of {file} and save the file.",
         "在 Geany 中，删除 {file} 的第 {number} 行，然后保存。"),
        draw, delete,
        lambda s, v: holds(s, v["file"], [r for n, r in enumerate(v["rows"], 1) if n != v["number"]]),
    ),
)  # fmt: skip
