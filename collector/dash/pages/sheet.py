"""What a table can be sorted by and how much of it is shown: both in the page's address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlencode

from fastapi import Request

Row = TypeVar("Row")
AT_ONCE: Final = 200
"""Rows of one page of a table."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its rows' value, its head, and how it is laid out.

    `spare` is left out on narrow screens, `roomy` on all but wide ones; `grow` takes what is left.
    """

    key: str
    head: str
    looks: Literal["", "num", "grow", "wrap"] = ""
    sorts: bool = True
    spare: bool = False
    roomy: bool = False

    @property
    def classes(self) -> str:
        """Its cells' classes."""
        shown = ("spare" if self.spare else "", "roomy" if self.roomy else "")
        return " ".join(word for word in (self.looks, *shown) if word)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as one request asks for it: columns, order, page."""

    columns: tuple[Column, ...]
    sort: str
    is_down: bool
    page: int
    most: int
    path: str
    asked: tuple[tuple[str, str], ...]
    total: int = 0
    rows: tuple[Any, ...] = ()

    @classmethod
    def of(
        cls, request: Request, columns: Sequence[Column], sort: str, most: int = AT_ONCE
    ) -> Sheet:
        """What the address says: `sort=key` or `sort=-key` (`sort` where it says nothing), `page`."""
        said = request.query_params.get("sort", sort)
        known = {column.key for column in columns if column.sorts}
        key = said.removeprefix("-")
        if key not in known:
            said, key = sort, sort.removeprefix("-")
        page = request.query_params.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
        asked = tuple(
            (k, v) for k, v in request.query_params.multi_items() if k not in ("sort", "page")
        )
        return cls(tuple(columns), key, said.startswith("-"), max(1, number), most,
                   request.url.path, asked)  # fmt: skip

    def over(self, rows: Sequence[Row], key: Callable[[Row, str], Any] | None = None) -> Sheet:
        """The same with its page of `rows`, sorted; rows without a value come last."""
        read = key or _value
        order = [(read(row, self.sort), row) for row in rows]
        there = [pair for pair in order if pair[0] is not None and pair[0] != ""]
        there.sort(key=lambda pair: pair[0], reverse=self.is_down)
        sorted_rows = [row for _, row in there]
        sorted_rows += [row for value, row in order if value is None or value == ""]
        first = (self._page_of(len(rows)) - 1) * self.most
        return self.holding(sorted_rows[first : first + self.most], len(rows))

    def holding(self, rows: Sequence[Any], total: int) -> Sheet:
        """The same with rows that were sorted and cut already, of so many in all."""
        return Sheet(self.columns, self.sort, self.is_down, self._page_of(total), self.most,
                     self.path, self.asked, total, tuple(rows))  # fmt: skip

    def _page_of(self, total: int) -> int:
        return min(self.page, max(1, -(-total // self.most)))

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.most))

    @property
    def first(self) -> int:
        """The number of the first row that is shown, from one."""
        return (self.page - 1) * self.most + 1

    def sorted_by(self, column: Column) -> str:
        """The address of this table by `column`; the other way round where it is that already."""
        turned = column.key == self.sort and not self.is_down
        return self._address(sort=f"-{column.key}" if turned else column.key)

    def at(self, page: int) -> str:
        """The address of another page of it."""
        return self._address(sort=f"-{self.sort}" if self.is_down else self.sort, page=str(page))

    def _address(self, **words: str) -> str:
        return f"{self.path}?{urlencode([*self.asked, *words.items()])}"


def _value(row: Any, key: str) -> Any:
    return row[key] if isinstance(row, Mapping) else getattr(row, key)
