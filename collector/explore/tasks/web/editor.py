"""Tasks in the text editor of the web: its name, its menus, its comments, find and replace."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Choose, Intent, Menu, Press, Say, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site

NAME: Final = the("textbox", "Name of the document", "文档名称")
PAGE: Final = the("textbox", "Text", "正文")


def draw_name(setting: Setting) -> Values:
    """Two names for the document."""
    one, two = texts.titles(setting, 2)
    return {"name": one, "other": two}


def draw_table(setting: Setting) -> Values:
    """A size."""
    size, other = setting.rng.sample([2, 3, 4], 2)
    return {"size": size, "other": other}


def table(v: Values) -> list[Intent]:
    """Into an empty document, by the menus."""
    return [
        Menu((("File", "文件"), ("New", "新建"))),
        Press(PAGE),
        Menu((("Insert", "插入"), ("Table", "表格"), (f"{v['size']} × {v['size']}",))),
    ]


def is_table(state: State, v: Values) -> Verdict:
    """Whether the page has one table of that many cells."""
    rows = len(state.every(the("row", within=PAGE)))
    return verdict(rows=(rows, v["size"]), cells=(len(state.every(the("cell", within=PAGE))), v["size"] ** 2))  # fmt: skip


def draw_text(setting: Setting) -> Values:
    """Two lines to write."""
    one, two = texts.lines(setting, 2)
    return {"line": one, "other": two}


def write(v: Values) -> list[Intent]:
    """A new document with one line."""
    return [
        Menu((("File", "文件"), ("New", "新建"))),
        Press(PAGE),
        Say(v["line"], f"types {v['line']!r}"),
    ]


def draw_comment(setting: Setting) -> Values:
    """Somebody who commented, and the others."""
    names = [who.name for who, _ in setting.page("editor")["notes"]]
    one, two = setting.rng.sample(names, 2)
    return {"name": one, "other": two, "names": names}


def comment(name: str) -> Target:
    """Somebody's comment."""
    return Target(("article",), holding=the("text", name))


def is_settled(state: State, v: Values) -> Verdict:
    """Whether that comment is gone and the others are there."""
    found = [n for n in v["names"] if state.one(comment(n)) is not None]
    return verdict(comments=(found, [n for n in v["names"] if n != v["name"]]))


def draw_words(setting: Setting) -> Values:
    """A word of the list in the text, and another for it."""
    points = setting.page("editor")["points"]
    point = setting.rng.choice(points)
    old = point[:2] if setting.language == "zh" else max(point.split(), key=len)
    new, other = texts.titles(setting, 2)
    return {"old": old, "new": new, "other": other, "point": point}


def replace(v: Values) -> list[Intent]:
    """The dialog, both fields, all of them."""
    return [
        Menu((("Edit", "编辑"), ("Find and replace", "查找和替换"))),
        Type(the("textbox", "Find", "查找"), v["old"]),
        Type(the("textbox", "Replace with", "替换为"), v["new"]),
        Press(button("Replace all", "全部替换")),
    ]


def is_replaced(state: State, v: Values) -> Verdict:
    """Whether the text has the new words and no longer the old one."""
    said = state.value(PAGE) or ""
    shown = " ".join([said, *state.names(Target(("text",), within=PAGE))])
    return verdict(new_words=(v["new"] in shown, True), old_word=(v["old"] in shown, False))


def draw_style(setting: Setting) -> Values:
    """A font."""
    one, two = setting.rng.sample(["Noto Sans CJK SC", "DejaVu Sans Mono"], 2)
    return {"font": one, "other": two}


FONT: Final = the("combobox", "Font", "字体")
COMMENTS: Final = the("complementary", "Comments", "批注")


TASKS: Final = (
    on_site(
        "editor-name",
        ("Name the document “{name}”.", "把文档命名为“{name}”。"),
        draw_name, lambda v: [Type(NAME, v["name"])],
        lambda s, v: verdict(name=(s.value(NAME), v["name"])),
    ),
    on_site(
        "editor-table",
        ("Begin a new document and insert a table of {size} by {size} cells.", "新建文档，插入一个 {size}×{size} 的表格。"),
        draw_table, table, is_table,
    ),
    on_site(
        "editor-write",
        ("Begin a new document that says “{line}”.", "新建一个内容为“{line}”的文档。"),
        draw_text, write,
        lambda s, v: verdict(text=((s.value(PAGE) or "").strip(), v["line"])),
    ),
    on_site(
        "editor-settle",
        ("Settle the comment of {name}.", "解决 {name} 的批注。"),
        draw_comment,
        lambda v: [Press(Target(("button",), ("Settle", "解决"), within=comment(v["name"])))], is_settled,
    ),
    on_site(
        "editor-replace",
        ("Replace “{old}” by “{new}” everywhere in the document.", "把文档中所有的“{old}”替换为“{new}”。"),
        draw_words, replace, is_replaced,
    ),
    on_site(
        "editor-font",
        ("Set the font to {font} and hide the comments.", "把字体设为 {font}，并隐藏批注。"),
        draw_style,
        lambda v: [Choose(FONT, v["font"]), Menu((("View", "视图"), ("Comments", "批注")))],
        lambda s, v: verdict(font=(s.value(FONT), v["font"]), comments=(s.one(COMMENTS) is None, True)),
    ),
)  # fmt: skip
