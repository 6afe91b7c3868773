"""Tasks in the administration of accounts: filter, sort, mark, suspend, delete, show columns."""

from __future__ import annotations

from typing import Any, Final

from collector.explore.tasks.intents import Choose, Intent, Press, Tick, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site

ON_PAGE: Final = 6
"""Rows that show without scrolling on a screen of usual size, with room below for their menus."""
TEAM: Final = the("combobox", "Team", "部门")
ACTIVE: Final = the("checkbox", "Active only", "仅看正常")


def people(setting: Setting) -> list[dict[str, Any]]:
    """The accounts in the order of the table."""
    found: list[dict[str, Any]] = setting.page("admin")["people"]
    return found


def row(name: str) -> Target:
    """An account's row."""
    return the("row", f"Mark {name}", f"选择{name}", match="starts")


def status(state: State, name: str) -> str:
    """What the row says of the account's state."""
    cells = state.names(the("cell", within=row(name)))
    return cells[4] if len(cells) > 4 else ""


def draw_active(setting: Setting) -> Values:
    """An active account on the first page, and another."""
    near = [p for p in people(setting)[:ON_PAGE] if p["tone"] == "good"]
    one, two = setting.rng.sample(near, 2)
    return {
        "name": one["who"].name, "other": two["who"].name, "active": one["status"],
        "suspended": setting.say("Suspended", "已停用"),
    }  # fmt: skip


def suspend(v: Values) -> list[Intent]:
    """The row's menu."""
    return [
        Press(button(f"More for {v['name']}", f"更多操作：{v['name']}")),
        Press(the("menuitem", "Suspend", "停用")),
    ]


def is_suspended(state: State, v: Values) -> Verdict:
    """Whether that account is suspended and the other is not."""
    return verdict(
        status=(status(state, v["name"]), v["suspended"]),
        status_of_another=(status(state, v["other"]), v["active"]),
    )


def draw_team(setting: Setting) -> Values:
    """A team and another."""
    one, two = setting.rng.sample(setting.page("admin")["teams"], 2)
    return {"team": one, "other": two}


def is_filtered(state: State, v: Values) -> Verdict:
    """Whether both filters are set."""
    return verdict(team=(state.value(TEAM), v["team"]), active_only=(state.is_on(ACTIVE), True))


def draw_two(setting: Setting) -> Values:
    """Two accounts on the first page, and a third."""
    one, two, three = setting.rng.sample(people(setting)[:ON_PAGE], 3)
    return {"name": one["who"].name, "second": two["who"].name, "other": three["who"].name}


def delete(v: Values) -> list[Intent]:
    """Mark both, delete, be sure."""
    marks = [the("checkbox", f"Mark {n}", f"选择{n}") for n in (v["name"], v["second"])]
    sure = the("button", "Delete", "删除", within=the(("dialog", "alertdialog")))
    return [*[Tick(mark) for mark in marks], Press(button("Delete", "删除")), Press(sure)]


def is_deleted(state: State, v: Values) -> Verdict:
    """Whether both are gone, and the third is not."""
    left = [n for n in (v["name"], v["second"]) if state.one(row(n)) is not None]
    kept = state.one(row(v["other"])) is not None
    return verdict(deleted_accounts_still_there=(left, []), another_kept=(kept, True))


COLUMNS: Final = (
    ("Role", "角色"),
    ("Team", "部门"),
    ("Last seen", "最近登录"),
    ("Spent", "消费"),
)


def draw_column(setting: Setting) -> Values:
    """A column and another."""
    one, two = setting.rng.sample(COLUMNS, 2)
    return {"column": setting.say(*one), "names": one, "other": two, "all": COLUMNS}


def hide(v: Values) -> list[Intent]:
    """The menu of columns."""
    return [Press(button("Columns", "显示列")), Press(the("menuitemcheckbox", *v["names"]))]


def is_hidden(state: State, v: Values) -> Verdict:
    """Whether that column, and no other, does not show."""
    missing = [c for c in v["all"] if state.one(the("columnheader", *c)) is None]
    return verdict(hidden_columns=(missing, [v["names"]]))


def draw_account(setting: Setting) -> Values:
    """An account on the first page with a new name."""
    values = draw_active(setting)
    first = values["name"]
    return {**values, "fresh": setting.say(f"{first} Junior", f"小{first}")}


def edit(v: Values) -> list[Intent]:
    """The row's menu, the name; it is left open."""
    return [
        Press(button(f"More for {v['name']}", f"更多操作：{v['name']}")),
        Press(the("menuitem", "Edit", "编辑")),
        Type(the("textbox", "Name", "姓名"), v["fresh"]),
        Press(the("radio", v["suspended"])),
    ]


def is_edited(state: State, v: Values) -> Verdict:
    """What the form says."""
    mail = state.value(the("textbox", "E-mail", "邮箱")) or ""
    return verdict(
        name=(state.value(the("textbox", "Name", "姓名")), v["fresh"]),
        mail=(bool(mail), True),
        status=(state.is_on(the("radio", v["suspended"])), True),
    )


def draw_anybody(setting: Setting) -> Values:
    """Somebody to look for, on whatever page."""
    one, two = setting.rng.sample(people(setting), 2)
    return {"name": one["who"].name, "other": two["who"].name}


def is_found(state: State, v: Values) -> Verdict:
    """Whether the filter says so and that account shows."""
    return verdict(
        filter=(state.value(the("searchbox", "Filter by name", "按姓名筛选")), v["name"]),
        row_shows=(state.one(row(v["name"])) is not None, True),
    )


SPENT: Final = the("button", "Spent", "消费")


def top(state: State, v: Values) -> Verdict:
    """Whether who spent most stands first."""
    names = [e for e in state.every(the("row")) if v["first"] in e.name or v["last"] in e.name]
    return verdict(first_row=(bool(names) and v["first"] in names[0].name, True))


def draw_spent(setting: Setting) -> Values:
    """Who spent most, and least."""
    ranked = sorted(people(setting), key=lambda p: float(p["spent"]))
    return {"first": ranked[-1]["who"].name, "last": ranked[0]["who"].name, "presses": 2}


TASKS: Final = (
    on_site(
        "admin-suspend",
        ("Suspend the account of {name}.", "停用 {name} 的账号。"),
        draw_active, suspend, is_suspended,
    ),
    on_site(
        "admin-filter",
        ("Show only the active accounts of the team “{team}”.", "只显示“{team}”状态正常的账号。"),
        draw_team, lambda v: [Choose(TEAM, v["team"]), Tick(ACTIVE)], is_filtered,
    ),
    on_site(
        "admin-delete",
        ("Delete the accounts of {name} and {second}.", "删除 {name} 和 {second} 的账号。"),
        draw_two, delete, is_deleted,
    ),
    on_site(
        "admin-column",
        ("Hide the column “{column}” of the table.", "隐藏表格的“{column}”列。"),
        draw_column, hide, is_hidden,
    ),
    on_site(
        "admin-edit",
        ("Open the account of {name} to edit it, change the name to “{fresh}” and the status to “{suspended}”; do not save yet.",
         "打开 {name} 的账号进行编辑，把姓名改为“{fresh}”，状态改为“{suspended}”，先不要保存。"),
        draw_account, edit, is_edited,
    ),
    on_site(
        "admin-find",
        ("Filter the accounts by the name {name}.", "按姓名 {name} 筛选账号。"),
        draw_anybody,
        lambda v: [Type(the("searchbox", "Filter by name", "按姓名筛选"), v["name"])], is_found,
    ),
    on_site(
        "admin-sort",
        ("Sort the accounts so that who spent most stands first.", "把账号按消费从高到低排序。"),
        draw_spent, lambda v: [Press(SPENT)] * v["presses"], top,
    ),
)  # fmt: skip
