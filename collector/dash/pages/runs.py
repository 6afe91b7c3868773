"""Runs: what was submitted, how each goes, and the states that it met."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from collector.dash import acts, charts, pictures
from collector.dash.access.who import Who, needs
from collector.dash.charts import Bar, Line
from collector.dash.pages.sheet import Column, Sheet
from collector.dash.pages.show import At, show
from collector.dash.pages.words import count
from collector.views import course
from collector.views import run as view
from infra.store import runs

router = APIRouter(include_in_schema=False)
Operator = Annotated[Who, Depends(needs("operator"))]
Reason = Annotated[str, Form(max_length=500)]
LISTED = 1000
STATES = 80
"""States of a graph that are drawn: each has a picture."""
RUNS = (
    Column("id", "Run"), Column("status", "Status"), Column("pool", "Pool"),
    Column("explorer", "Explorer", spare=True), Column("share", "Done", "num"),
    Column("steps", "Steps", "num"), Column("created_ns", "Submitted"),
    Column("took_s", "Took", "num", spare=True),
)  # fmt: skip
EPISODES = (
    Column("number", "Episode", "num", sorts=False), Column("status", "Status", sorts=False),
    Column("steps", "Steps", "num", sorts=False), Column("recording", "Trajectory", sorts=False),
    Column("attempts", "Attempts", "num", sorts=False, spare=True),
    Column("took_s", "Took", "num", sorts=False, spare=True),
    Column("reason", "Reason", "grow", sorts=False, spare=True),
)  # fmt: skip


@router.get("/runs", response_class=HTMLResponse)
def listed(request: Request, desk: At) -> HTMLResponse:
    """The newest runs."""
    now_ns = desk.clock.now_ns()
    with desk.store.read() as tx:
        found = view.listed(tx, LISTED)
    rows = [{**row, **_more(row, now_ns)} for row in found]
    sheet = Sheet.of(request, RUNS, "-created_ns").over(rows)
    return show(request, "runs.html", sheet=sheet)


@router.get("/runs/{run}", response_class=HTMLResponse)
def shown(request: Request, desk: At, run: str) -> HTMLResponse:
    """One run."""
    asked = Sheet.of(request, EPISODES, "number", 100)
    with desk.store.read() as tx:
        record = course.shown(tx, desk.settings.home, run, desk.clock.now_ns())
        page = min(asked.page, max(1, -(-record["episodes"] // asked.most)))
        rows = course.episodes(tx, run, asked.most, (page - 1) * asked.most)
    parts = [Bar(name, many, state=name) for name, many in record["by_status"].items()]
    per_min = Line("steps a minute", record["pace"]["points"])
    states = Line("states", record["novelty"]["points"])
    return show(
        request, "run.html", r=record, sheet=asked.holding(rows, record["episodes"]),
        progress=charts.parts("episodes by status", parts),
        pace=charts.lines("steps a minute", [per_min], across=_minutes, fill=True, low=True),
        novelty=charts.lines("states met", [states], across=_minutes, fill=True, low=True),
    )  # fmt: skip


@router.get("/runs/{run}/graph", response_class=HTMLResponse)
def graph(request: Request, desk: At, run: str) -> HTMLResponse:
    """The states that a run met, and the ways between them."""
    from collector.explore.graph import Place, stored
    from collector.gallery.graph.page import plane

    home = desk.settings.home
    with desk.store.read() as tx:
        found = runs.get(tx, run)
    met = stored.read(stored.path_of(home, found.id))

    def picture(place: Place) -> str:
        glimpse = course.glimpse(home, place.recording) if place.recording else None
        if glimpse is None or not 0 <= place.number < len(glimpse.seen):
            return ""
        return pictures.screen_address(glimpse.seen[place.number]._asdict(), 320)

    def href(place: Place) -> str:
        step = max(0, place.number - 1)
        name = quote(place.recording, safe="")
        return f"/trajectories/{name}?step={step}#step={step}" if name else ""

    drawn = plane(met, picture, href, STATES)
    return show(request, "run_graph.html", run=run, drawn=drawn, states=len(met.nodes),
                ways=len(met.edges))  # fmt: skip


@router.post("/runs/{run}/cancel")
def cancel(
    request: Request, desk: At, who: Operator, run: str, reason: Reason = "", confirm: Reason = ""
) -> Response:
    """Stop a run after the present steps, once somebody said that it is meant."""
    if confirm != run:
        with desk.store.read() as tx:
            record = view.summary(runs.get(tx, run), runs.tallies(tx, [run]).get(run, {}))
        return show(request, "run_cancel.html", r=record)
    acts.cancel(desk, who, run, reason.strip())
    return RedirectResponse(f"/runs/{quote(run, safe='')}", 303)


@router.post("/runs/{run}/retry")
def retry(desk: At, who: Operator, run: str, reason: Reason = "") -> RedirectResponse:
    """Queue what failed, was lost or interrupted again."""
    acts.retry(desk, who, run, reason.strip())
    return RedirectResponse(f"/runs/{quote(run, safe='')}", 303)


def _more(row: dict[str, object], now_ns: int) -> dict[str, object]:
    """What the list sorts and draws besides the run's record."""
    done, _, planned = str(row["done"]).partition("/")
    ended, created = row["ended_ns"] or now_ns, row["created_ns"]
    assert isinstance(ended, int)
    assert isinstance(created, int)
    return {
        "share": int(done) / max(1, int(planned)),
        "took_s": (ended - created) / 1e9,
    }


def _minutes(value: float) -> str:
    return count(round(value, 1))
