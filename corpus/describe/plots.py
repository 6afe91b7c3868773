"""Plots drawn as SVG: bars, stacked bars, histograms, what there is against what was planned and made.

Colours are classes (`tone-a` and on) that a page's style gives, so that a plot follows its theme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

ROW: Final = 30
LABEL: Final = 190
WIDTH: Final = 720
ROOM: Final = WIDTH - LABEL - 90
LONGEST: Final = 12
TALL: Final = 150


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


def histogram(counts: Mapping[str, int], tone: str = "a") -> Markup:
    """A column a bucket, in the order given, with its count above and its name below."""
    if not counts:
        return Markup('<p class="none">nothing</p>')
    most, step = max(1, *counts.values()), WIDTH / len(counts)
    drawn = Markup("").join(
        Markup(
            '<rect class="tone-{tone}" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="3"/>'
            '<text class="middle" x="{middle:.1f}" y="{above:.1f}">{count}</text>'
            '<text class="middle soft" x="{middle:.1f}" y="{below}">{label}</text>'
        ).format(
            tone=tone,
            x=n * step + step * 0.12,
            y=24 + TALL * (1 - count / most),
            w=step * 0.76,
            h=max(1.0, TALL * count / most),
            middle=n * step + step / 2,
            above=18 + TALL * (1 - count / most),
            count=figure(count),
            below=TALL + 44,
            label=label,
        )
        for n, (label, count) in enumerate(counts.items())
    )
    return _svg(drawn, TALL + 54)


def against(rows: Sequence[tuple[str, int, int, int]]) -> Markup:
    """A label with what there is, what was planned and what was made: a frame, a bar, a mark in it."""
    most = max((max(sizes) for _, *sizes in rows), default=0) or 1
    drawn = Markup("").join(
        Markup(
            '<g><text class="label" x="{lx}" y="{ty}">{label}</text>'
            '<rect class="there" x="{x}" y="{y}" width="{there:.1f}" height="16" rx="3"/>'
            '<rect class="tone-a" x="{x}" y="{inner}" width="{planned:.1f}" height="8" rx="2"/>'
            '<rect class="made" x="{mark:.1f}" y="{y}" width="2.5" height="16"/>'
            '<text class="count" x="{cx:.1f}" y="{ty}">{count}</text>'
            "<title>{label}: {there_said} there, {planned_said} planned, {count} made</title></g>"
        ).format(
            lx=LABEL - 12,
            ty=n * ROW + 20,
            label=label,
            x=LABEL,
            y=n * ROW + 8,
            inner=n * ROW + 12,
            there=max(2.0, ROOM * there / most),
            planned=max(1.0, ROOM * planned / most),
            mark=LABEL + max(0.0, ROOM * made / most - 2.5),
            cx=LABEL + max(2.0, ROOM * max(there, made) / most) + 8,
            count=figure(made),
            there_said=figure(there),
            planned_said=figure(planned),
        )
        for n, (label, there, planned, made) in enumerate(rows)
    )
    return _svg(drawn, len(rows) * ROW + 6)
