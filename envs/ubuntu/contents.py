"""Documents whose contents follow from a seed: lists, tables, letters and pages in three languages.

The same seed and language give the same bytes. Names, amounts and dates are made up here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import escape
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """What one language's documents are made of."""

    people: tuple[str, ...]
    things: tuple[str, ...]
    places: tuple[str, ...]
    chores: tuple[str, ...]
    titles: tuple[str, ...]
    """Of the list, the table, the letter and the page; then the columns: what, where, how much."""
    direction: str = "ltr"


WORDS: Final = {
    "en_US": Words(
        ("Amara Cole", "Jonas Weber", "Priya Nair", "Tom Okafor", "Elena Rossi", "Sam Whitlock"),
        ("lamp", "kettle", "garden chair", "notebook", "bicycle pump", "blanket", "umbrella",
         "map of the coast", "set of pencils", "rucksack", "clock", "teapot"),
        ("Harbour Road", "the mill", "the library", "North Street", "the station", "Elm Court"),
        ("call the plumber", "return the books", "water the seedlings", "renew the passport",
         "book the train", "mend the fence", "sort the photographs", "pay the deposit"),
        ("List", "Orders", "Letter", "Page", "Item", "Place", "Amount"),
    ),
    "zh_CN": Words(
        ("林梅", "王建国", "李小红", "陈志强", "赵敏", "周文博"),
        ("台灯", "水壶", "椅子", "笔记本", "打气筒", "毛毯", "雨伞", "地图", "铅笔", "背包", "茶壶"),
        ("人民路", "图书馆", "火车站", "北街", "河边", "三号楼"),
        ("给水管工打电话", "还书", "浇花", "换护照", "订火车票", "修篱笆", "整理照片", "交定金"),
        ("清单", "订单", "信", "网页", "物品", "地点", "金额"),
    ),
    "he_IL": Words(
        ("נועה לוי", "יונתן כהן", "מאיה ברק", "דוד פרץ", "תמר שלו", "אורי גל"),
        ("מנורה", "קומקום", "כיסא", "מחברת", "משאבה", "שמיכה", "מטרייה", "מפה", "עפרונות", "שעון"),
        ("רחוב הנמל", "הספרייה", "התחנה", "רחוב הצפון", "הגן", "בית אלון"),
        ("להתקשר לשרברב", "להחזיר ספרים", "להשקות", "לחדש דרכון", "להזמין רכבת", "לתקן גדר"),
        ("רשימה", "הזמנות", "מכתב", "דף", "פריט", "מקום", "סכום"),
        direction="rtl",
    ),
}  # fmt: skip


def contents(seed: int, locale: str = "en_US") -> dict[str, bytes]:
    """Four documents by name. Raises KeyError for a language that has none."""
    words, chosen = WORDS[locale], random.Random(f"{locale} {seed}")  # noqa: S311 - not a secret
    rows = [
        (thing, chosen.choice(words.places), f"{chosen.uniform(3, 400):.2f}")
        for thing in chosen.sample(words.things, 8)
    ]
    made = {
        f"{words.titles[0]} {seed}.txt": _list(words, chosen),
        f"{words.titles[1]} {seed}.csv": _table(words, rows),
        f"{words.titles[2]} {seed}.txt": _letter(words, chosen, rows),
        f"{words.titles[3]} {seed}.html": _page(words, rows),
    }
    return {name: text.encode() for name, text in made.items()}


def _list(words: Words, chosen: random.Random) -> str:
    chores = chosen.sample(words.chores, 5)
    return "".join(
        f"{n}. {chore} - {chosen.choice(words.people)}\n" for n, chore in enumerate(chores, 1)
    )


def _table(words: Words, rows: list[tuple[str, str, str]]) -> str:
    return "".join(",".join(row) + "\n" for row in (words.titles[4:7], *rows))


def _letter(words: Words, chosen: random.Random, rows: list[tuple[str, str, str]]) -> str:
    writer, reader = chosen.sample(words.people, 2)
    lines = [f"{thing}: {where}, {amount}" for thing, where, amount in rows[:4]]
    return "\n\n".join((reader, *lines, writer)) + "\n"


def _page(words: Words, rows: list[tuple[str, str, str]]) -> str:
    """A page with a table and a form, so that a browser has something to press."""
    head = "".join(f"<th>{escape(title)}</th>" for title in words.titles[4:7])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    what, where, much = (escape(title) for title in words.titles[4:7])
    options = "".join(f"<option>{escape(place)}</option>" for place in words.places)
    links = " · ".join(f'<a href="#{n}">{escape(p)}</a>' for n, p in enumerate(words.people))
    return f"""<!doctype html>
<html dir="{words.direction}"><meta charset="utf-8"><title>{escape(words.titles[1])}</title>
<style>body {{ font: 15px sans-serif; margin: 1em 2em }} td, th {{ padding: 4px 12px }}</style>
<h1>{escape(words.titles[1])}</h1><p>{links}</p>
<table border="1"><tr>{head}</tr>{body}</table>
<form><p><label>{what} <input name="what"></label>
<label>{where} <select name="where">{options}</select></label>
<label>{much} <input name="much" type="number" min="0"></label>
<label><input type="checkbox" name="keep"> {escape(words.chores[0])}</label>
<label><input type="radio" name="who"> {escape(words.people[0])}</label>
<label><input type="radio" name="who"> {escape(words.people[1])}</label>
<button type="button">{escape(words.titles[0])}</button> <button type="reset">×</button></p></form>
</html>
"""
