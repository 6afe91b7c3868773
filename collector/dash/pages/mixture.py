"""The mixture plan: what a recipe asks for, and what a build would take from each source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from collector.dash import charts
from collector.dash.charts import Bar
from collector.dash.damage import OfFiles
from collector.dash.pages.sheet import Column, Sheet
from collector.dash.pages.show import At, show
from collector.views import mixture

router = APIRouter(include_in_schema=False, route_class=OfFiles)
SOURCES = (
    Column("source", "Source"), Column("category", "Category"), Column("reader", "Reader", spare=True),
    Column("weight", "Weight", "num", spare=True), Column("available_tokens", "There", "num", spare=True),
    Column("planned_tokens", "Planned", "num"), Column("share", "Share", "num"),
)  # fmt: skip


@router.get("/mixture", response_class=HTMLResponse)
def shown(request: Request, desk: At, recipe: str = "first") -> HTMLResponse:
    """A recipe and its plan."""
    known = mixture.recipes(desk.settings.home)
    m = mixture.shown(desk.settings.home, recipe)
    planned = {row["source"]: row for row in (m["plan"] or {}).get("sources", ())}
    rows = [{**_unplanned(name), **planned.get(name, {}), "reader": said["reader"],
             "weight": said["weight"], "category": said["category"]}
            for name, said in m["recipe"]["sources"].items()]  # fmt: skip
    return show(
        request, "mixture.html", m=m, known=known, plot=_plot(m), rules=_rules(m["recipe"]),
        sheet=Sheet.of(request, SOURCES, "-planned_tokens").over(rows),
    )  # fmt: skip


def _unplanned(name: str) -> dict[str, Any]:
    return {"source": name, "available_tokens": None, "planned_tokens": None, "share": None,
            "exhausted": False}  # fmt: skip


def _plot(m: Mapping[str, Any]) -> Markup:
    """The planned tokens of each category as parts of one bar."""
    sums: dict[str, int] = {}
    for row in (m["plan"] or {}).get("sources", ()):
        sums[row["category"]] = sums.get(row["category"], 0) + row["planned_tokens"]
    return charts.parts("planned tokens by category", [Bar(n, v) for n, v in sums.items()])


def _rules(recipe: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a recipe promises besides weights, in words."""
    rules = []
    for name, said in recipe["categories"].items():
        if said["floor"] > 0 or said["cap"] < 1:
            rules.append((f"category {name}", _range(said["floor"], said["cap"])))
    images = recipe["image_share"]
    if images["min"] > 0 or images["max"] < 1:
        rules.append(("images", _range(images["min"], images["max"])))
    if recipe["synthetic_max_share"] < 1:
        rules.append(("synthetic", _range(0, recipe["synthetic_max_share"])))
    for quota in recipe["quotas"]:
        most = quota["max_tokens"]
        tokens = f", {quota['min_tokens']:,} to {most:,} tokens" if most is not None else ""
        rules.append((f"{quota['by']} {quota['of']}", _range(quota["min"], quota["max"]) + tokens))
    if recipe["licences"]:
        rules.append(("licences", ", ".join(recipe["licences"])))
    rules.extend((f"only {by}", ", ".join(of)) for by, of in recipe["only"].items())
    rules.extend((f"without {by}", ", ".join(of)) for by, of in recipe["without"].items())
    rules.extend(
        (f"score {name}", _range(said["min"], said["max"]))
        for name, said in recipe["scores"].items()
    )
    return rules


def _range(least: float, most: float) -> str:
    return f"{least:.0%} to {most:.0%}".replace("%", " %")
