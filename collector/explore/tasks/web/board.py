"""Tasks on the board: cards added, moved, sorted, deleted, found."""

from __future__ import annotations

from typing import Any, Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Drag, Either, Intent, Keys, Press, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site


def columns(setting: Setting) -> list[dict[str, Any]]:
    """The board's columns with their cards."""
    found: list[dict[str, Any]] = setting.page("board")["columns"]
    return found


def column(name: str) -> Target:
    """A column."""
    return the("region", name)


def titles(state: State, names: list[str]) -> dict[str, list[str]]:
    """The titles of the cards of each column, from the top."""
    return {name: state.names(the("heading", within=column(name)))[1:] for name in names}


def draw(setting: Setting) -> Values:
    """A card, another one, its column and the next one, and a title for a new card."""
    found = columns(setting)
    at = setting.rng.randrange(3)
    one, two = setting.rng.sample(found[at]["cards"], 2)
    return {
        "card": one["title"], "other": two["title"], "column": found[at]["name"],
        "next": found[at + 1]["name"], "title": texts.titles(setting, 1)[0],
        "board": {c["name"]: [k["title"] for k in c["cards"]] for c in found},
    }  # fmt: skip


def add(v: Values) -> list[Intent]:
    """The column's button, the title, add."""
    return [
        Press(the("button", "Add a card", "添加卡片", within=column(v["column"]))),
        Type(the("textbox", "Title of the card", "卡片标题"), v["title"]),
        Press(the("button", "Add", "添加", within=column(v["column"]))),
    ]


def is_as(state: State, v: Values, change: dict[str, list[str]]) -> Verdict:
    """Whether the board holds what it held but for the columns that were to change."""
    right = {**v["board"], **change}
    found = titles(state, list(v["board"]))
    wrong = {name: found[name] for name in right if found[name] != right[name]}
    return verdict(columns_that_are_not_as_asked=(wrong, {}))


def is_added(state: State, v: Values) -> Verdict:
    """Whether the new card is the column's last."""
    return is_as(state, v, {v["column"]: [*v["board"][v["column"]], v["title"]]})


def move(v: Values) -> list[Intent]:
    """Drag it into the next column, or take it there by an arrow key."""
    dragged = (Drag(the("heading", v["card"]), the("heading", v["next"], match="starts")),)
    by_key = (Press(the("heading", v["card"])), Keys(("right",), "moves the card to the right"))
    return [Either((dragged, by_key))]


def is_moved(state: State, v: Values) -> Verdict:
    """Whether it stands in the next column, anywhere, and no longer in its own."""
    found = titles(state, list(v["board"]))
    here = [t for t in v["board"][v["column"]] if t != v["card"]]
    there = sorted([*v["board"][v["next"]], v["card"]])
    return verdict(its_column=(found[v["column"]], here), next_column=(sorted(found[v["next"]]), there))  # fmt: skip


def sort(v: Values) -> list[Intent]:
    """The column's menu."""
    return [
        Press(button(f"Column {v['column']}", f"列：{v['column']}")),
        Press(the("menuitem", "Sort by title", "按标题排序")),
    ]


def in_order(titles_: list[str]) -> list[str]:
    """Titles as the browser sorts them: by letters, Chinese ones by their sound."""
    return sorted(titles_, key=lambda t: t.casefold().encode("gb18030"))


def draw_unsorted(setting: Setting) -> Values:
    """A column whose cards do not stand in order."""
    values = dict(draw(setting))
    mixed = [n for n, cards in values["board"].items() if cards != in_order(cards)]
    one = setting.rng.choice(mixed)
    other = setting.rng.choice([n for n in values["board"] if n != one])
    return {**values, "column": one, "other": other}


def is_sorted(state: State, v: Values) -> Verdict:
    """Whether its cards stand in order, and the other columns as they stood."""
    return is_as(state, v, {v["column"]: in_order(v["board"][v["column"]])})


def delete(v: Values) -> list[Intent]:
    """Open it, delete it."""
    return [
        Press(button(f"Open {v['card']}", f"打开 {v['card']}")),
        Press(the("button", "Delete", "删除", within=the("dialog"))),
    ]


def is_deleted(state: State, v: Values) -> Verdict:
    """Whether it is gone and the others are there."""
    return is_as(state, v, {v["column"]: [t for t in v["board"][v["column"]] if t != v["card"]]})


TASKS: Final = (
    on_site(
        "board-add",
        ("Add a card “{title}” to the column “{column}”.", "在“{column}”列添加卡片“{title}”。"),
        draw, add, is_added,
    ),
    on_site(
        "board-move",
        ("Move the card “{card}” to the column “{next}”.", "把卡片“{card}”移到“{next}”列。"),
        draw, move, is_moved,
    ),
    on_site(
        "board-sort",
        ("Sort the column “{column}” by title.", "把“{column}”列按标题排序。"),
        draw_unsorted, sort, is_sorted,
    ),
    on_site(
        "board-delete",
        ("Delete the card “{card}”.", "删除卡片“{card}”。"),
        draw, delete, is_deleted,
    ),
)  # fmt: skip
