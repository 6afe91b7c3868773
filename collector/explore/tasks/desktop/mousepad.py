"""Tasks in the text editor Mousepad; it opens what it is given in a tab of the window it has."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Intent, Keys, Menu, Press, Say, Tick, Type, WaitFor
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Setting, Values, on_desktop

APP: Final = "org.xfce.mousepad.desktop"
PAGE: Final = Target(("textbox",), app="mousepad", within=Target(("window",), app="mousepad"))
DIALOG: Final = Target(("dialog", "file-chooser"), app="mousepad")
SAVE: Final = Menu((("File", "文件"), ("Save", "保存")), ("ctrl", "s"), "mousepad")


def _tab(v: Values) -> Target:
    """The tab or window that shows the file."""
    return Target(("window",), (v["file"],), "has", app="mousepad")


def begin(v: Values) -> list[Intent]:
    """The file shows, and the text has the focus."""
    return [WaitFor(_tab(v)), Press(PAGE)]


def draw(setting: Setting) -> Values:
    """A file of three lines, a fourth, another."""
    rows = texts.english(setting, 5)
    file, other = texts.names(setting, "txt", 2)
    return {
        "file": file, "saved": other, "rows": rows[:3], "line": rows[3], "other": rows[4],
        "files": {file: texts.text_of(rows[:3])},
    }  # fmt: skip


def draw_words(setting: Setting) -> Values:
    """A file in which one word stands three times."""
    old, new = setting.rng.choice(texts.WORDS)
    rows = [f"the {old} in the morning", f"no {old} at all", "something else", f"{old} again"]
    file = texts.names(setting, "txt", 1)[0]
    return {
        "file": file, "old": old, "new": new, "other": f"{new}s", "rows": rows,
        "files": {file: texts.text_of(rows)},
    }  # fmt: skip


def draw_line(setting: Setting) -> Values:
    """A file of five lines and the number of one."""
    rows = texts.english(setting, 5)
    file = texts.names(setting, "txt", 1)[0]
    number, other = setting.rng.sample(range(2, 6), 2)
    return {
        "file": file, "rows": rows, "number": number, "other": other,
        "files": {file: texts.text_of(rows)},
    }  # fmt: skip


def holds(state: State, file: str, rows: list[str]) -> Verdict:
    """Whether the file on the disk has exactly these lines."""
    return verdict(file_content=(state.text(file), "\n".join(rows)))


def append(v: Values) -> list[Intent]:
    """To the end, type, save."""
    end = Keys(("ctrl", "end"), "goes to the end of the text")
    return [*begin(v), end, Say(v["line"], f"types {v['line']!r} at the end"), SAVE]


def change_words(v: Values) -> list[Intent]:
    """Find and replace in the whole document, save."""
    field = replace(PAGE, within=DIALOG)
    return [
        *begin(v),
        Menu((("Search", "搜索"), ("Find and Replace", "查找和替换")), ("ctrl", "r"), "mousepad"),
        Type(field, v["old"]),
        Type(field.at(1), v["new"]),
        Tick(Target(("checkbox",), ("Replace all in:", "全部替换于"), "starts", app="mousepad")),
        Press(Target(("button",), ("Replace All", "Replace", "全部替换", "替换"), app="mousepad", within=DIALOG)),
        Press(Target(("button",), ("Close", "关闭"), app="mousepad", within=DIALOG)),
        SAVE,
    ]  # fmt: skip


def save_as(v: Values) -> list[Intent]:
    """The dialog, the name, save."""
    return [
        *begin(v),
        Menu((("File", "文件"), ("Save As", "另存为")), ("ctrl", "shift", "s"), "mousepad"),
        Type(Target(("textbox",), ("Name:", "名称"), "starts", app="mousepad"), v["saved"]),
        Press(Target(("button",), ("Save", "保存"), app="mousepad", within=DIALOG), keys=("enter",)),
        WaitFor(Target(("window",), (v["saved"],), "has", app="mousepad")),
    ]  # fmt: skip


def delete_line(v: Values) -> list[Intent]:
    """To the line, away with it, save."""
    down = [Keys(("down",), f"goes down to line {v['number']}", v["number"] - 1)]
    return [
        *begin(v), Keys(("ctrl", "home"), "goes to the first line"), *down,
        Menu((("Edit", "编辑"), ("Delete Line", "删除行")), (), "mousepad"), SAVE,
    ]  # fmt: skip


def shout(v: Values) -> list[Intent]:
    """All of it in capitals, save."""
    return [
        *begin(v), Keys(("ctrl", "a"), "selects the whole text"),
        Menu((("Edit", "编辑"), ("Convert", "转换"), ("To Uppercase", "转换为大写", "大写")), (), "mousepad"), SAVE,
    ]  # fmt: skip


TASKS: Final = (
    on_desktop(
        "mousepad-append", APP,
        ("In Mousepad, add the line “{line}” at the end of {file} and save the file.",
         "在 Mousepad 中，在 {file} 末尾添加一行“{line}”，然后保存。"),
        draw, append, lambda s, v: holds(s, v["file"], [*v["rows"], v["line"]]),
    ),
    on_desktop(
        "mousepad-replace", APP,
        ("In Mousepad, replace every “{old}” in {file} by “{new}” and save the file.",
         "在 Mousepad 中，把 {file} 里所有的“{old}”替换为“{new}”，然后保存。"),
        draw_words, change_words,
        lambda s, v: holds(s, v["file"], [r.replace(v["old"], v["new"]) for r in v["rows"]]),
    ),
    on_desktop(
        "mousepad-save-as", APP,
        ("Save a copy of {file}, open in Mousepad, under the name {saved} in the same folder.",
         "把 Mousepad 中打开的 {file} 以 {saved} 为名另存到同一文件夹。"),
        draw, save_as,
        lambda s, v: verdict(copy=(s.text(v["saved"]), "\n".join(v["rows"])), original=(s.text(v["file"]), "\n".join(v["rows"]))),
    ),
    on_desktop(
        "mousepad-delete-line", APP,
        ("In Mousepad, delete line {number} of {file} and save the file.",
         "在 Mousepad 中，删除 {file} 的第 {number} 行，然后保存。"),
        draw_line, delete_line,
        lambda s, v: holds(s, v["file"], [r for n, r in enumerate(v["rows"], 1) if n != v["number"]]),
    ),
    on_desktop(
        "mousepad-uppercase", APP,
        ("In Mousepad, turn the whole text of {file} into capital letters and save the file.",
         "在 Mousepad 中，把 {file} 的全部文字改成大写，然后保存。"),
        draw, shout, lambda s, v: holds(s, v["file"], [r.upper() for r in v["rows"]]),
    ),
)  # fmt: skip
