"""Bars with a label each, and one bar cut into parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collector.dash.charts.scale import Writes
from collector.dash.charts.svg import element, percent, tone
from collector.dash.pages.words import count, share


@dataclass(frozen=True, slots=True)
class Bar:
    """A label and its figure; `state` colours it as a badge of that state, `href` links it.

    `note` is small beside the figure, `mark` is where the bar should have ended. Its length is its
    share of `whole`, where it has one of its own.
    """

    label: str
    value: float
    state: str = ""
    href: str = ""
    note: str = ""
    mark: float | None = None
    whole: float | None = None


def bars(
    name: str,
    rows: Sequence[Bar],
    *,
    series: int = 0,
    write: Writes = count,
    whole: float | None = None,
) -> Markup:
    """A table of bars in the order given; each is as long as its share of `whole`, or of the longest."""
    most = whole or max((max(row.value, row.mark or 0) for row in rows), default=0)
    body = Markup("").join(_row(row, row.whole or most, series, write) for row in rows)
    caption = element("caption", name, class_="hide")
    return element("table", caption, element("tbody", body), class_="bars")


def _row(row: Bar, most: float, series: int, write: Writes) -> Markup:
    label = element("a", row.label, href=row.href) if row.href else row.label
    drawn = [
        element("rect", class_="ground", width="100%", height="100%", rx="3"),
        element("rect", class_="fill" if row.state else f"fill {tone(series)}", width=percent(row.value, most),
                height="100%", rx="3", data_state=row.state or None),
    ]  # fmt: skip
    if row.mark is not None:
        at = percent(row.mark, most)
        drawn.append(element("line", class_="mark", x1=at, x2=at, y1="0", y2="100%"))
    note = [Markup(" "), element("small", row.note)] if row.note else []
    return element(
        "tr",
        element("th", label, scope="row", title=row.label),
        element("td", element("svg", *drawn, aria_hidden="true")),
        element("td", write(row.value), *note, class_="count"),
    )


def parts(name: str, rows: Sequence[Bar], *, write: Writes = count, key: bool = True) -> Markup:
    """One bar cut into the shares of its rows, with what each part is below it."""
    whole, at, drawn = sum(row.value for row in rows), 0.0, []
    for number, row in enumerate(rows):
        if row.value:
            drawn.append(_part(row, number, at, whole, write))
        at += row.value
    bar = element("svg", element("title", name), *drawn, class_="parts", role="img")
    if not key:
        return bar
    told = [
        element(
            "li", _dot(row, number), f"{row.label} {write(row.value)} ({share(row.value, whole)})"
        )
        for number, row in enumerate(rows)
    ]
    return bar + element("ul", *told, class_="key")


def _part(row: Bar, number: int, at: float, whole: float, write: Writes) -> Markup:
    title = element("title", f"{row.label}: {write(row.value)} ({share(row.value, whole)})")
    return element("rect", title, class_=_colour(row, number), x=percent(at, whole),
                   width=percent(row.value, whole), height="100%", data_state=row.state or None)  # fmt: skip


def _dot(row: Bar, number: int) -> Markup:
    square = element("rect", class_=_colour(row, number), width="100%", height="100%", rx="2",
                     data_state=row.state or None)  # fmt: skip
    return element("svg", square, aria_hidden="true")


def _colour(row: Bar, number: int) -> str:
    return "fill" if row.state else f"fill {tone(number)}"
