"""Tasks in the file manager: files renamed, copied, deleted in the documents folder."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Intent, Keys, Pause, Press, Say, Type, WaitFor
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Setting, Values, on_desktop

APP: Final = "thunar.desktop"
PLACE: Final = Target(("textbox",), app="thunar")
DOCUMENTS: Final = Target(("window",), ("Documents", "文档"), "starts", app="thunar")


def draw(setting: Setting) -> Values:
    """A file among the documents, a new name, another document."""
    rows = texts.english(setting, 3)
    file, renamed, other = texts.names(setting, "txt", 3)
    return {
        "file": file, "renamed": renamed, "other": other, "rows": rows,
        "files": {file: texts.text_of(rows), other: texts.text_of(rows[:1])},
    }  # fmt: skip


def find(v: Values) -> list[Intent]:
    """Go to the documents and select the file by its name."""
    dialog = Target(("dialog",), app="thunar")
    return [
        WaitFor(Target(("window",), app="thunar")),
        Type(PLACE, "~/Documents", submit=True),
        WaitFor(DOCUMENTS),
        Keys(("ctrl", "s"), "asks which files to select"),
        WaitFor(Target(("textbox",), app="thunar", within=dialog)),
        Say(v["file"], f"types {v['file']!r} to select it", submit=True),
        Pause("lets the dialog go"),
    ]


def rename(v: Values) -> list[Intent]:
    """Ask for a new name, type it."""
    return [
        *find(v),
        Keys(("f2",), "renames it"),
        Pause("lets the name be edited"),
        Keys(("ctrl", "a"), "marks the old name"),
        Say(v["renamed"], f"types {v['renamed']!r}", submit=True),
    ]


def delete(v: Values) -> list[Intent]:
    """Delete it for good, and be sure."""
    sure = Target(
        ("button",),
        ("Delete", "删除"),
        app="thunar",
        within=Target(("dialog", "alert", "alertdialog"), app="thunar"),
    )
    return [*find(v), Keys(("shift", "delete"), "deletes it"), Press(sure)]


def copy(v: Values) -> list[Intent]:
    """Copy and paste in the same folder."""
    return [*find(v), Keys(("ctrl", "c"), "copies it"), Keys(("ctrl", "v"), "pastes it")]


def is_renamed(state: State, v: Values) -> Verdict:
    """Whether it is there under its new name only."""
    rows = "\n".join(v["rows"])
    return verdict(
        new_name=(state.text(v["renamed"]), rows), old_name=(state.file(v["file"]), None)
    )


def is_gone(state: State, v: Values) -> Verdict:
    """Whether that one is gone and the other is not."""
    kept = state.text(v["other"])
    return verdict(file=(state.file(v["file"]), None), other=(kept, v["rows"][0]))


def is_doubled(state: State, v: Values) -> Verdict:
    """Whether a copy lies beside it, named as the file manager names copies."""
    stem = v["file"].removesuffix(".txt")
    names = (f"{stem} (copy 1).txt", f"{stem} (copy).txt", f"{stem} (副本 1).txt")
    copies = [state.text(name) for name in names if state.file(name) is not None]
    rows = "\n".join(v["rows"])
    return verdict(copies=(copies, [rows]), original=(state.text(v["file"]), rows))


TASKS: Final = (
    on_desktop(
        "thunar-rename", APP,
        ("In the file manager, rename {file} in the Documents folder to {renamed}.",
         "在文件管理器中，把文档文件夹里的 {file} 重命名为 {renamed}。"),
        draw, rename, is_renamed,
    ),
    on_desktop(
        "thunar-delete", APP,
        ("In the file manager, delete {file} in the Documents folder for good.",
         "在文件管理器中，把文档文件夹里的 {file} 彻底删除。"),
        draw, delete, is_gone,
    ),
    on_desktop(
        "thunar-copy", APP,
        ("In the file manager, make a copy of {file} in the Documents folder, beside it.",
         "在文件管理器中，在文档文件夹里为 {file} 制作一个副本。"),
        draw, copy, is_doubled,
    ),
)  # fmt: skip
