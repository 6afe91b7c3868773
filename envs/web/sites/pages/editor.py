"""A text editor with menus inside menus."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

Entry = tuple[Any, ...]
LINE: Entry = ()


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    return {
        "menus": _menus(maker),
        "head": maker.pick(words.HEADLINES),
        "texts": maker.says(words.PARAGRAPHS, 5),
        "points": maker.says(words.TASKS, 4),
        "name": maker.pick(words.FILES["file"]).rsplit(".", 1)[0],
        "me": maker.person(),
        "notes": [(person, maker.text(1)) for person in maker.people(3)],
    }


def _menus(maker: Maker) -> list[tuple[str, list[Entry]]]:
    """Each menu's entries: name, command, keys, entries of its own; an empty tuple is a line."""

    def say(en: str, zh: str) -> str:
        return maker.say((en, zh))

    return [
        (say("File", "文件"), [
            (say("New", "新建"), "new", "Ctrl+N"),
            (say("Open recent", "最近打开"), "", "", [(name, "recent", "") for name in maker.says(words.FILES["file"], 4)]),
            LINE,
            (say("Save", "保存"), "save", "Ctrl+S"),
            (say("Export as", "导出为"), "", "", [("PDF", "export", ""), ("HTML", "export", ""), (say("Plain text", "纯文本"), "export", ""), (say("Picture", "图片"), "", "", [("PNG", "export", ""), ("SVG", "export", "")])]),
            LINE,
            (say("Print…", "打印……"), "print", "Ctrl+P"),
        ]),
        (say("Edit", "编辑"), [
            (say("Undo", "撤销"), "undo", "Ctrl+Z"), (say("Redo", "重做"), "redo", "Ctrl+Y"), LINE,
            (say("Find and replace…", "查找和替换……"), "find", "Ctrl+F"), (say("Select all", "全选"), "selectAll", "Ctrl+A"),
        ]),
        (say("Insert", "插入"), [
            (say("Table", "表格"), "", "", [("2 × 2", "table2", ""), ("3 × 3", "table3", ""), ("4 × 4", "table4", "")]),
            (say("Horizontal line", "水平线"), "insertHorizontalRule", ""), (say("Date", "日期"), "date", ""),
            (say("Symbol", "符号"), "", "", [(c, "symbol", "") for c in "§†→≈€"]),
        ]),
        (say("Format", "格式"), [
            (say("Text", "文字"), "", "", [(say("Bold", "粗体"), "bold", "Ctrl+B"), (say("Italic", "斜体"), "italic", "Ctrl+I"), (say("Underline", "下划线"), "underline", "Ctrl+U"), (say("Strike through", "删除线"), "strikeThrough", "")]),
            (say("Paragraph", "段落"), "", "", [(say("Heading", "标题"), "h2", ""), (say("Body", "正文"), "p", ""), (say("Quotation", "引用"), "blockquote", "")]),
            (say("Align", "对齐"), "", "", [(say("Left", "左对齐"), "justifyLeft", ""), (say("Centre", "居中"), "justifyCenter", ""), (say("Right", "右对齐"), "justifyRight", "")]),
            LINE, (say("Clear formatting", "清除格式"), "removeFormat", ""),
        ]),
        (say("View", "视图"), [(say("Comments", "批注"), "notes", ""), (say("Wide page", "宽页面"), "wide", ""), (say("Zoom", "缩放"), "", "", [(f"{n} %", f"zoom{n}", "") for n in (75, 100, 125, 150)])]),
        (say("Help", "帮助"), [(say("Keyboard shortcuts", "键盘快捷键"), "keys", "F1"), (say("About", "关于"), "about", "")]),
    ]  # fmt: skip
