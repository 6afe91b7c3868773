"""Plots drawn as SVG: horizontal bars for counts, stacked bars for what a mixture is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

ROW: Final = 30
LABEL: Final = 190
WIDTH: Final = 720
ROOM: Final = WIDTH - LABEL - 90
LONGEST: Final = 12


def figure(value: float) -> str:
    """A count as people read it: 1,234 or 1.23 M."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:.2f} M"
    return f"{value:,.0f}"


def bars(counts: Mapping[str, int], tone: str = "a") -> Markup:
    """A bar per label, the longest first."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LONGEST]
    if not rows:
        return Markup('<p class="none">nothing</p>')
    most = max(1, *(count for _, count in rows))
    drawn = Markup("").join(
        Markup(
            '<text class="label" x="{lx}" y="{ty}">{label}</text>'
            '<rect class="tone-{tone}" x="{x}" y="{y}" width="{w:.1f}" height="16" rx="3"/>'
            '<text class="count" x="{cx:.1f}" y="{ty}">{count}</text>'
        ).format(
            lx=LABEL - 12,
            ty=n * ROW + 20,
            label=label.replace("_", " "),
            tone=tone,
            x=LABEL,
            y=n * ROW + 8,
            w=max(2.0, ROOM * count / most),
            cx=LABEL + max(2.0, ROOM * count / most) + 8,
            count=figure(count),
        )
        for n, (label, count) in enumerate(rows)
    )
    return _svg(drawn, len(rows) * ROW + 6)


def stacked(rows: Sequence[tuple[str, Sequence[tuple[str, float, str]]]]) -> Markup:
    """A bar per row, cut into named parts with a tone each; a row's parts are shares of one."""
    drawn: list[Markup] = []
    for n, (label, parts) in enumerate(rows):
        whole = sum(value for _, value, _ in parts) or 1.0
        drawn.append(
            Markup('<text class="label" x="{}" y="{}">{}</text>').format(
                LABEL - 12, n * 2 * ROW + 24, label
            )
        )
        at = float(LABEL)
        for name, value, tone in parts:
            width = (WIDTH - LABEL) * value / whole
            drawn.append(_part(at, n * 2 * ROW + 6, width, name, value, whole, tone))
            at += width
    return _svg(Markup("").join(drawn), len(rows) * 2 * ROW)


def _part(
    x: float, y: float, width: float, name: str, value: float, whole: float, tone: str
) -> Markup:
    """One part of a stacked bar, with its words where there is room for them."""
    share = f"{100 * value / whole:.0f} %"
    drawn = Markup(
        '<rect class="tone-{}" x="{:.1f}" y="{}" width="{:.1f}" height="28">'
        "<title>{}: {} tokens, {}</title></rect>"
    ).format(tone, x, y, max(0.0, width - 1.5), name, figure(value), share)
    if width >= 8.6 * len(name) + 14:
        drawn += Markup('<text class="part" x="{:.1f}" y="{}">{}</text>').format(
            x + 6, y + 18, name
        )
    if width >= 34:
        drawn += Markup('<text class="share" x="{:.1f}" y="{}">{}</text>').format(x, y + 44, share)
    return drawn


def _svg(inner: Markup, height: int) -> Markup:
    return Markup('<svg class="plot" viewBox="0 0 {} {}" role="img">{}</svg>').format(
        WIDTH, height, inner
    )
