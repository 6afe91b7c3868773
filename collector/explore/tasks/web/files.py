"""Tasks in the file store: folders made, files renamed, deleted, duplicated, shown in another way."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Choose, Either, Intent, Keys, Press, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site

IN_SIGHT: Final = 10
"""Files that show without scrolling on a screen of usual size."""
NAME: Final = the("textbox", "Name", "名称")
OK: Final = button("OK", "确定")
ORDER: Final = the("combobox", "Order", "排序")


def draw(setting: Setting) -> Values:
    """Two files in sight and a new name."""
    near = [f["name"] for f in setting.page("files")["files"]][:IN_SIGHT]
    one, two = setting.rng.sample(near, 2)
    return {"file": one, "other": two, "name": texts.titles(setting, 1)[0], "near": near}


def file(name: str) -> Target:
    """A file in the grid, whose name comes first."""
    return the("option", f"{name} ", match="starts")


def shown(state: State, names: list[str]) -> list[str]:
    """Which of these show."""
    return [
        n
        for n in names
        if state.one(Target(("text",), (n,), within=the("listbox", "Files", "文件"))) is not None
    ]


def make(v: Values) -> list[Intent]:
    """The menu, the name, OK."""
    return [
        Press(button("New", "新建")),
        Press(the("menuitem", "Folder", "文件夹", match="starts")),
        Type(NAME, v["name"]),
        Press(OK),
    ]


def rename(v: Values) -> list[Intent]:
    """Pick it, by the key or by the button, the name, OK."""
    ways = ((Keys(("f2",), "renames it"),), (Press(button("Rename", "重命名")),))
    pick = Press(Target(("text",), (v["file"],), within=the("listbox", "Files", "文件")))
    return [pick, Either(ways), Type(NAME, v["name"]), Press(OK)]


def is_renamed(state: State, v: Values) -> Verdict:
    """Whether it has the new name, the old one is gone, and the others are there."""
    right = [v["name"] if n == v["file"] else n for n in v["near"]]
    return verdict(files=(shown(state, right), right), old_name=(shown(state, [v["file"]]), []))


def delete(v: Values) -> list[Intent]:
    """Pick it, by the key or by the button."""
    ways = ((Keys(("delete",), "deletes it"),), (Press(button("Delete", "删除")),))
    return [
        Press(Target(("text",), (v["file"],), within=the("listbox", "Files", "文件"))),
        Either(ways),
    ]


def is_deleted(state: State, v: Values) -> Verdict:
    """Whether that one is gone, and no other."""
    return verdict(files=(shown(state, v["near"]), [n for n in v["near"] if n != v["file"]]))


ORDERS: Final = (("Date", "日期"), ("Size", "大小"))


def draw_order(setting: Setting) -> Values:
    """An order."""
    one, two = (setting.say(*pair) for pair in setting.rng.sample(ORDERS, 2))
    return {"order": one, "other": two}


def is_listed(state: State, v: Values) -> Verdict:
    """Whether the list shows in that order."""
    return verdict(order=(state.value(ORDER), v["order"]), list=(state.is_on(button("List", "列表")), True))  # fmt: skip


def draw_folder(setting: Setting) -> Values:
    """Two folders of the tree."""
    one, two = setting.rng.sample([name for name, _ in setting.page("files")["folders"]], 2)
    return {"folder": one, "other": two}


def in_tree(name: str) -> Target:
    """A folder in the tree, whose name may go on with those in it."""
    return the("treeitem", name, match="starts")


def draw_search(setting: Setting) -> Values:
    """Two files to look for."""
    names = [f["name"] for f in setting.page("files")["files"] if f["kind"] != "folder"]
    one, two = setting.rng.sample(names, 2)
    return {"file": one, "other": two}


SEEK: Final = the("searchbox", "Search files", "搜索文件")


TASKS: Final = (
    on_site(
        "files-folder",
        ("Make a new folder “{name}”.", "新建文件夹“{name}”。"),
        draw, make,
        lambda s, v: verdict(new_folder=(shown(s, [v["name"]]), [v["name"]]), dialog=(s.one(NAME) is None, True)),
    ),
    on_site(
        "files-rename",
        ("Rename “{file}” to “{name}”.", "把“{file}”重命名为“{name}”。"),
        draw, rename, is_renamed,
    ),
    on_site(
        "files-delete",
        ("Delete “{file}”.", "删除“{file}”。"),
        draw, delete, is_deleted,
    ),
    on_site(
        "files-list",
        ("Show the files as a list ordered by “{order}”.", "以列表方式显示文件，并按“{order}”排序。"),
        draw_order, lambda v: [Choose(ORDER, v["order"]), Press(button("List", "列表"))], is_listed,
    ),
    on_site(
        "files-tree",
        ("Choose the folder “{folder}” in the tree of folders.", "在文件夹树中选择“{folder}”。"),
        draw_folder, lambda v: [Press(the("text", v["folder"], within=the("tree", "Folders", "文件夹")))],
        lambda s, v: verdict(folder=(s.is_on(in_tree(v["folder"])), True)),
    ),
    on_site(
        "files-find",
        ("Search the files for “{file}” and select it.", "搜索文件“{file}”并选中它。"),
        draw_search,
        lambda v: [Type(SEEK, v["file"]), Press(Target(("text",), (v["file"],), within=the("listbox", "Files", "文件")))],
        lambda s, v: verdict(search=(s.value(SEEK), v["file"]), selected=(s.is_on(file(v["file"])), True)),
    ),
)  # fmt: skip
