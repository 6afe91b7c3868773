"""Tasks in the terminal: files written, copied, renamed, removed, counted, sorted by commands."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Intent, Press, Say, WaitFor
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Check, Setting, Task, Values, on_desktop

APP: Final = "xfce4-terminal.desktop"
SCREEN: Final = Target(("terminal",), app="terminal")
GONE: Final = None


def draw(setting: Setting) -> Values:
    """A file of some lines, and a name for another."""
    rows = texts.english(setting, setting.rng.randrange(4, 8))
    file, result, other = texts.names(setting, "txt", 3)
    return {
        "file": file, "result": result, "other": other, "line": rows[-1], "rows": rows[:-1],
        "files": {file: texts.text_of(rows[:-1])},
    }  # fmt: skip


def typed(command: str) -> list[Intent]:
    """Go to the documents and give the command, in one line: another window may come meanwhile."""
    line = f"cd ~/Documents && {command}"
    return [WaitFor(SCREEN), Press(SCREEN), Say(line, f"runs {command}", submit=True)]


def copied(state: State, v: Values) -> Verdict:
    """Whether both are there and say the same."""
    rows = "\n".join(v["rows"])
    return verdict(copy=(state.text(v["result"]), rows), original=(state.text(v["file"]), rows))


def renamed(state: State, v: Values) -> Verdict:
    """Whether it is there under its new name only."""
    rows = "\n".join(v["rows"])
    return verdict(new_name=(state.text(v["result"]), rows), old_name=(state.file(v["file"]), GONE))


def written(state: State, v: Values) -> Verdict:
    """Whether the new file has that line and nothing else."""
    return verdict(new_file=(state.text(v["result"]), v["line"]))


def added(state: State, v: Values) -> Verdict:
    """Whether the line was added and the others kept."""
    return verdict(file=(state.text(v["file"]), "\n".join([*v["rows"], v["line"]])))


def counted(state: State, v: Values) -> Verdict:
    """Whether the new file begins with the number of lines."""
    said = (state.text(v["result"]) or "").split()[:1]
    return verdict(count=(said, [str(len(v["rows"]))]))


def ordered(state: State, v: Values) -> Verdict:
    """Whether the new file has the lines in order, and the old one as they were."""
    kept = (state.text(v["file"]), "\n".join(v["rows"]))
    return verdict(sorted_file=(state.text(v["result"]), "\n".join(sorted(v["rows"]))), original=kept)  # fmt: skip


def removed(state: State, v: Values) -> Verdict:
    """Whether that file is gone and a document beside it is not."""
    kept = state.file("savings.py") is not None
    return verdict(removed_file=(state.file(v["file"]), GONE), other_files_kept=(kept, True))


def task(name: str, en: str, zh: str, command: str, check: Check) -> Task:
    """A task that one command does; its words are filled in from the values."""

    def steps(v: Values) -> list[Intent]:
        return typed(command.format(**v))

    return on_desktop(f"terminal-{name}", APP, (en, zh), draw, steps, check)


TASKS: Final = (
    task("copy",
         "In the terminal, copy {file} in the Documents folder to {result}.",
         "在终端中，把文档文件夹里的 {file} 复制为 {result}。",
         "cp {file} {result}", copied),
    task("rename",
         "In the terminal, rename {file} in the Documents folder to {result}.",
         "在终端中，把文档文件夹里的 {file} 重命名为 {result}。",
         "mv {file} {result}", renamed),
    task("write",
         "In the terminal, write the text “{line}” into a new file {result} in the Documents folder.",
         "在终端中，把“{line}”写入文档文件夹的新文件 {result}。",
         "echo '{line}' > {result}", written),
    task("append",
         "In the terminal, add the line “{line}” to {file} in the Documents folder.",
         "在终端中，给文档文件夹里的 {file} 追加一行“{line}”。",
         "echo '{line}' >> {file}", added),
    task("count",
         "In the terminal, write the number of lines of {file} into a new file {result}, both in Documents.",
         "在终端中，把文档文件夹里 {file} 的行数写入新文件 {result}。",
         "wc -l < {file} > {result}", counted),
    task("sort",
         "In the terminal, write the lines of {file} in alphabetical order into {result}, both in Documents.",
         "在终端中，把文档文件夹里 {file} 的各行按字母顺序写入 {result}。",
         "LC_ALL=C sort {file} > {result}", ordered),
    task("remove",
         "In the terminal, remove {file} from the Documents folder.",
         "在终端中，删除文档文件夹里的 {file}。",
         "rm {file}", removed),
)  # fmt: skip
