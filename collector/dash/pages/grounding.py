"""Grounding: elements and icons by name and look, what was kept and left out, how right it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from collector.dash import charts, pictures
from collector.dash.charts import Bar
from collector.dash.damage import OfFiles
from collector.dash.pages.show import At, show
from collector.dash.pages.words import share
from collector.views import finding
from collector.views import ground as view
from infra.errors import NotFound

router = APIRouter(include_in_schema=False, route_class=OfFiles)
Kind = Literal["", "text", "icon", "widget"]
COUNTS = (
    ("dropped", "Elements left out, by reason", "failed"), ("left_out", "Screens left out", "failed"),
    ("roles", "Elements kept, by role", ""), ("data_types", "Found by", ""),
    ("applications", "By program", ""), ("names", "Where names come from", ""),
    ("languages", "Languages of names", ""), ("expressions", "Ways to refer to them", ""),
    ("actions", "Actions", ""), ("outcomes", "What steps did", ""),
    ("goals", "Goals that were reached", ""), ("refused", "Recordings refused", "failed"),
)  # fmt: skip
ICON_COUNTS = (
    ("sources", "Icons come from", ""), ("said_by", "Meanings come from", ""),
    ("languages", "Languages of meanings", ""), ("themes", "Themes", ""),
    ("licences", "Licences", ""), ("samples", "Samples", ""), ("dropped", "Left out", "failed"),
)  # fmt: skip
ROWS = 14
MEASURES = (
    ("presses", "Named as it is called, when pressed"), ("ocr", "Box reads as the name"),
)  # fmt: skip


@router.get("/grounding", response_class=HTMLResponse)
def elements(
    request: Request, desk: At, q: str = "", kind: Kind = "", place: str = ""
) -> HTMLResponse:
    """Kept elements by name."""
    found, missing = finding.Found([], ""), None
    try:
        found = finding.elements(desk.settings.home, q, kind, place)
    except NotFound as error:
        missing = error
    rows = [{**row, "picture": _crop(row)} for row in found.rows]
    return show(request, "elements.html", rows=rows, found=found, q=q, kind=kind, place=place,
                missing=missing)  # fmt: skip


@router.get("/grounding/icons", response_class=HTMLResponse)
def icons(request: Request, desk: At, q: str = "", look: str = "", place: str = "") -> HTMLResponse:
    """Icons of the table, by name or by look."""
    found, missing = finding.Found([], ""), None
    try:
        if look:
            found = finding.Found(finding.alike(desk.settings.home, look), "")
        else:
            found = finding.icons(desk.settings.home, q, place)
    except NotFound as error:
        missing = error
    return show(request, "icons.html", rows=found.rows, found=found, q=q, place=place,
                missing=missing, about="icon" if look else "", icon_address=pictures.icon_address)  # fmt: skip


@router.get("/grounding/icons/{icon}", response_class=HTMLResponse)
def one_icon(request: Request, desk: At, icon: str) -> HTMLResponse:
    """One icon: what it means, where it came from, where it was seen."""
    row = finding.icon(desk.settings.home, icon)
    near = [n for look in row["looks"][:1] for n in finding.alike(desk.settings.home, look, 13)]
    return show(request, "icon.html", i=row, near=[n for n in near if n["id"] != icon][:12],
                icon_address=pictures.icon_address)  # fmt: skip


@router.get("/grounding/like/{sample}/{element:path}", response_class=HTMLResponse)
def like(request: Request, desk: At, sample: str, element: str) -> HTMLResponse:
    """The icons that look like an element that was kept."""
    look = finding.look_of(desk.settings.home, sample, element)
    rows = finding.alike(desk.settings.home, look) if look else []
    return show(request, "icons.html", rows=rows, found=finding.Found(rows, ""), q="", place="",
                missing=None, about="element", icon_address=pictures.icon_address)  # fmt: skip


@router.get("/grounding/kept", response_class=HTMLResponse)
def kept(request: Request, desk: At) -> HTMLResponse:
    """What the last builds kept and left out."""
    stats, missing = _there(lambda: view.stats(desk.settings.home))
    icon_stats, _ = _there(lambda: view.icon_stats(desk.settings.home))
    return show(request, "kept.html", stats=stats, icon_stats=icon_stats, missing=missing,
                plots=_plots(stats, COUNTS), icon_plots=_plots(icon_stats, ICON_COUNTS))  # fmt: skip


@router.get("/grounding/precision", response_class=HTMLResponse)
def precision(request: Request, desk: At) -> HTMLResponse:
    """How right kept elements were found to be, and by whose word."""
    from grounding.precision import report

    told, missing = _there(lambda: view.precision(desk.settings.home))
    rows = [
        {"measure": row[0], "before": row[1], "after": row[2], "of": row[3]}
        for row in (report.figures(told) if told else [])
    ]
    plots = [(title, _programs(told[name])) for name, title in MEASURES if told.get(name)]
    return show(request, "precision.html", told=told, rows=rows, plots=plots, missing=missing)


def _programs(measure: Mapping[str, Any]) -> Markup:
    """The share of right elements by program, the worst first."""
    rows = [row for row in measure["programs"] if row["share"] is not None]
    rows.sort(key=lambda row: (row["share"], row["program"]))
    bars = [Bar(row["program"], row["share"], note=f"of {row['count']}") for row in rows[:ROWS]]
    return charts.bars("share of right elements by program", bars, write=_percent, whole=1.0)


def _percent(value: float) -> str:
    return share(value, 1)


def _there(read: Any) -> tuple[dict[str, Any], NotFound | None]:
    try:
        return read(), None
    except NotFound as error:
        return {}, error


def _plots(
    stats: Mapping[str, Any], counts: tuple[tuple[str, str, str], ...]
) -> list[tuple[str, Markup]]:
    return [
        (title, charts.bars(title, _bars(stats[name], state)))
        for name, title, state in counts
        if stats.get(name)
    ]


def _bars(rows: Mapping[str, int], state: str) -> list[Bar]:
    """The commonest, and one bar for all the others."""
    ordered = sorted(rows.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered if len(ordered) <= ROWS + 1 else ordered[:ROWS]
    bars = [Bar(name.replace("_", " "), many, state=state) for name, many in shown]
    if rest := ordered[len(shown) :]:
        bars.append(Bar(f"{len(rest)} others", sum(many for _, many in rest), state="queued"))
    return bars


def _crop(row: Mapping[str, Any]) -> str:
    """A picture of an element, with a little around it."""
    left, top, right, bottom = row["box"]
    width, height = row["screen"]["width"], row["screen"]["height"]
    around = (max(0, left - 6), max(0, top - 6), min(width, right + 6), min(height, bottom + 6))
    return pictures.crop_address(row["screen"], around)
