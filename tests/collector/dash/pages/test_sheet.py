"""A table is sorted and cut by the page's address, and its links lead to itself otherwise."""

from __future__ import annotations

from starlette.requests import Request

from collector.dash.pages.sheet import Column, Sheet

COLUMNS = (
    Column("name", "name"),
    Column("steps", "steps", "num"),
    Column("why", "why", sorts=False),
)
ROWS = [{"name": name, "steps": steps, "why": ""} for name, steps in
        [("c", 1), ("a", None), ("b", 30), ("d", 4)]]  # fmt: skip


def asked(query: str) -> Request:
    return Request(
        {"type": "http", "path": "/machines", "query_string": query.encode(), "headers": []}
    )


def names(query: str, most: int = 10) -> list[str]:
    return [row["name"] for row in Sheet.of(asked(query), COLUMNS, "name", most).over(ROWS).rows]


def test_rows_come_in_the_order_that_the_page_has_or_the_address_says() -> None:
    assert names("") == ["a", "b", "c", "d"]
    assert names("sort=-name") == ["d", "c", "b", "a"]


def test_rows_without_a_value_come_last_both_ways() -> None:
    assert names("sort=steps") == ["c", "d", "b", "a"]
    assert names("sort=-steps") == ["b", "d", "c", "a"]


def test_a_column_that_is_not_there_or_does_not_sort_changes_nothing() -> None:
    assert names("sort=uuid") == names("sort=why") == names("")


def test_a_page_past_the_end_is_the_last_one() -> None:
    assert names("page=2", most=3) == ["d"]
    assert names("page=99", most=3) == ["d"]
    assert names("page=-1", most=3) == names("page=²", most=3) == ["a", "b", "c"]


def test_links_keep_the_question_and_turn_the_order_round() -> None:
    sheet = Sheet.of(asked("q=state%3Abusy&sort=steps&page=2"), COLUMNS, "name", 2).over(ROWS)
    assert sheet.sorted_by(COLUMNS[1]) == "/machines?q=state%3Abusy&sort=-steps"
    assert sheet.sorted_by(COLUMNS[0]) == "/machines?q=state%3Abusy&sort=name"
    assert sheet.at(1) == "/machines?q=state%3Abusy&sort=steps&page=1"
    assert (sheet.pages, sheet.first, sheet.total) == (2, 3, 4)
