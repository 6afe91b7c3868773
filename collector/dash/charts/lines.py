"""Values over time or over steps, with axes or without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from collector.dash.charts.scale import Writes, heights, top_of
from collector.dash.charts.svg import element, plot, tone
from collector.dash.pages.words import count

ACROSS: Final = 1000
UP: Final = 100
MOST: Final = 600
"""More points than this nobody can see: each of so many stretches shows its highest."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A named series of (x, y) points, x rising; a y of None leaves a gap."""

    name: str
    points: Sequence[tuple[float, float | None]]


def lines(
    name: str,
    series: Sequence[Line],
    *,
    write: Writes = count,
    across: Writes = count,
    fill: bool = False,
    low: bool = False,
) -> Markup:
    """Lines from zero up over one range of x; `fill` shades what lies below each."""
    xs = [x for line in series for x, _ in line.points]
    first, last = min(xs, default=0.0), max(xs, default=1.0)
    top = top_of(max((y for line in series for _, y in line.points if y is not None), default=0))
    drawn = [
        part
        for number, line in enumerate(series)
        for part in _strokes(line, first, last, top, tone(number), fill=fill)
    ]
    plane = element("svg", *drawn, viewBox=f"0 0 {ACROSS} {UP}", preserveAspectRatio="none",
                    width="100%", height="100%")  # fmt: skip
    labels = [across(first + (last - first) * n / 4) for n in range(5)]
    figure = plot(name, [plane], labels, heights(top, write=write), low=low)
    return figure if len(series) < 2 else figure + _key(series)


def sparkline(name: str, values: Sequence[float | None], *, fill: bool = True) -> Markup:
    """A small line of values at even distances, from zero up, without axes."""
    line = Line(name, [(float(n), value) for n, value in enumerate(values)])
    top = max((value for value in values if value is not None), default=0) or 1
    drawn = _strokes(line, 0, max(1, len(values) - 1), top, "tone-1", fill=fill)
    return element("svg", element("title", name), *drawn, class_="spark", role="img",
                   viewBox=f"0 0 {ACROSS} {UP}", preserveAspectRatio="none")  # fmt: skip


def _strokes(
    line: Line, first: float, last: float, top: float, colour: str, *, fill: bool
) -> list[Markup]:
    """The paths of a line, one for each stretch without a gap."""
    paths: list[Markup] = []
    for stretch in _stretches(line.points):
        points = [
            (ACROSS * (x - first) / ((last - first) or 1), UP - UP * y / top)
            for x, y in _thinned(stretch)
        ]
        way = "M" + "L".join(f"{x:.1f} {y:.2f}" for x, y in points)
        if len(points) == 1:
            way += "h0.1"
        if fill and len(points) > 1:
            ground = f"{way}L{points[-1][0]:.1f} {UP}L{points[0][0]:.1f} {UP}z"
            paths.append(element("path", class_=f"area {colour}", d=ground))
        paths.append(element("path", element("title", line.name), class_=f"line {colour}", d=way))
    return paths


def _stretches(points: Sequence[tuple[float, float | None]]) -> list[list[Point]]:
    found: list[list[Point]] = [[]]
    for x, y in points:
        if y is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return [stretch for stretch in found if stretch]


def _thinned(points: list[Point]) -> list[Point]:
    """Every point where there are few; else the highest of each of MOST even stretches."""
    if len(points) <= MOST:
        return points
    bounds = [len(points) * n // MOST for n in range(MOST + 1)]
    return [max(points[a:b], key=lambda point: point[1]) for a, b in pairwise(bounds)]


def _key(series: Sequence[Line]) -> Markup:
    told = [
        element(
            "li",
            element(
                "svg",
                element("rect", class_=f"fill {tone(n)}", width="100%", height="100%", rx="2"),
                aria_hidden="true",
            ),
            line.name,
        )
        for n, line in enumerate(series)
    ]
    return element("ul", *told, class_="key")
