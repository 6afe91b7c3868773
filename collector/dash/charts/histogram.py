"""How many fell between which bounds."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from collector.dash.charts.scale import Writes, heights, top_of
from collector.dash.charts.svg import element, percent, plot, tone
from collector.dash.pages.words import count

LABELS = 5


def histogram(
    name: str,
    edges: Sequence[float],
    counts: Sequence[int],
    *,
    series: int = 0,
    write: Writes = count,
    low: bool = False,
) -> Markup:
    """Columns over `edges`, one more than `counts`; each says its bounds and its count.

    Columns are equally wide, whatever their bounds. Raises ValueError where the two do not fit.
    """
    if len(edges) != len(counts) + 1:
        raise ValueError(f"{len(counts)} columns have {len(counts) + 1} edges, not {len(edges)}")
    top = top_of(max(counts, default=0))
    columns = [
        element(
            "rect",
            element("title", f"{write(edges[n])} – {write(edges[n + 1])}: {count(many)}"),
            class_=f"fill {tone(series)}",
            x=percent(n + 0.06, len(counts)),
            y=percent(top - many, top),
            width=percent(0.88, len(counts)),
            height=percent(many, top),
        )
        for n, many in enumerate(counts)
    ]
    return plot(
        name, columns, [write(edges[n]) for n in _chosen(len(edges))], heights(top), low=low
    )


def _chosen(many: int) -> list[int]:
    """The edges that are written: the first, the last, and others at even distances."""
    last = many - 1
    steps = next((n for n in range(min(LABELS, last), 0, -1) if last % n == 0), 1)
    return [last * n // steps for n in range(steps + 1)] if last > 0 else [0]
