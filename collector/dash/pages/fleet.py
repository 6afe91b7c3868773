"""The first page: what the fleet is, what it does, what needs somebody."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from collector.dash.charts import Bar, bars, lines, parts
from collector.dash.charts.lines import Line
from collector.dash.pages.show import At, show
from collector.dash.pages.words import size
from collector.fleet.deadlines import START_BUDGET
from collector.views import fleet as view

router = APIRouter()


@router.get("/")
def fleet(request: Request, at: At) -> HTMLResponse:
    """Pools, work, room, and the list of what needs somebody."""
    with at.store.read() as tx:
        seen = view.overview(tx, at.settings, at.clock.now_ns())
    return show(request, "fleet.html", fleet=seen, steps=_steps(seen["steps"]),
                room=room_of(seen["room"]), mixed=mixed, budget=START_BUDGET)  # fmt: skip


def mixed(name: str, states: dict[str, int], *, key: bool = False) -> object:
    """Machines by state, as one bar."""
    rows = [Bar(state, many, state) for state, many in states.items() if many]
    return parts(name, rows, key=key)


def _steps(minutes: list[int]) -> object:
    points = [(float(n - len(minutes)), float(many)) for n, many in enumerate(minutes)]
    return lines("steps committed in each of the last 60 minutes", [Line("steps", points)],
                 across=lambda m: "now" if m > -2 else f"{round(m / 15) * 15} min", fill=True, low=True)  # fmt: skip


def room_of(places: list[dict[str, int]]) -> object:
    """What is free, as bars with the floors marked."""
    rows = [
        Bar(str(p["name"]), p["free"], "no" if p["free"] < p["floor"] else "", mark=p["floor"],
            note=f"free of {size(p['whole'])}", whole=p["whole"])
        for p in places
    ]  # fmt: skip
    return bars("free room, and the floor below which nothing starts", rows, series=1,
                write=lambda v: size(int(v)))  # fmt: skip
