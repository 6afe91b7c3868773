"""The machines: table and wall over one query, and one machine with its life."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from collector.dash.charts import Span, sparkline, timeline
from collector.dash.pages.sheet import Column, Sheet
from collector.dash.pages.show import At, show
from collector.fleet import query
from collector.fleet.query import Query
from collector.views import machine as view
from collector.views.fleet import STATES
from infra.errors import TrawlError, UsageError

router = APIRouter()
COLUMNS: Final = (
    Column("name", "Name"),
    Column("state", "State"),
    Column("since_s", "Since", "num"),
    Column("reason", "Reason", "grow", sorts=False),
    Column("pool", "Pool", spare=True),
    Column("host", "Host", spare=True),
    Column("holder", "Driven by", roomy=True),
    Column("latency_ms", "Step", "num", roomy=True),
    Column("private_bytes", "Own memory", "num", roomy=True),
    Column("episodes", "Episodes", "num", roomy=True),
    Column("age_s", "Age", "num", roomy=True),
)
ORDERED: Final = {
    "recycle": "to be replaced", "drain": "to get nothing new", "release": "to be in use again",
    "quarantine": "to be out of use",
}  # fmt: skip
"""What was ordered of machines, as the page says it after."""


@router.get("/machines")
def machines(
    request: Request, at: At, q: str = "", view: str = "table", ordered: str = "", count: int = 0
) -> HTMLResponse:
    """Every machine that the query means."""
    meant, wrong = _meant(q)
    rows = _rows(at)
    found = [row for row in rows if meant.matches(row)]
    return show(
        request,
        "machines.html",
        q=q,
        wrong=wrong,
        total=len(rows),
        view="wall" if view == "wall" else "table",
        sheet=Sheet.of(request, COLUMNS, "name").over(found),
        terms=_terms(rows, q, view),
        states=STATES,
        said=ORDERED.get(ordered, ""),
        count=count,
    )


def _rows(at: At) -> list[dict[str, Any]]:
    with at.store.read() as tx:
        return view.board(tx, at.clock.now_ns())


def _meant(text: str) -> tuple[Query, TrawlError | None]:
    """The query, or every machine with what was wrong about it."""
    try:
        return query.parse(text), None
    except UsageError as error:
        return Query(), error


def _terms(rows: list[dict[str, Any]], q: str, looks: str) -> list[dict[str, Any]]:
    """A state in one press: how many machines are in it, and the address that asks for it."""
    counts = Counter(row["state"] for row in rows)
    asked = q.casefold().split()
    terms = []
    for state in STATES:
        term = f"state:{state.lower()}"
        others = [word for word in q.split() if not word.casefold().startswith("state:")]
        words = others if term in asked else [*others, term]
        address = {"q": " ".join(words)} | ({"view": "wall"} if looks == "wall" else {})
        terms.append({"state": state, "count": counts[state], "is_asked": term in asked,
                      "href": f"/machines?{urlencode(address)}"})  # fmt: skip
    return terms


@router.get("/machines/{name}")
def machine(request: Request, at: At, name: str) -> HTMLResponse:
    """One machine. Raises NotFound with the nearest name."""
    with at.store.read() as tx:
        seen = view.life(tx, name, at.clock.now_ns())
    spans = [Span(s["state"], s["from_ns"], s["to_ns"], s["reason"]) for s in seen["states"]]
    steps_s = seen["episode"]["steps_s"] if seen["episode"] else []
    pace = sparkline(f"seconds a step of {seen['name']}", steps_s) if len(steps_s) > 1 else ""
    return show(request, "machine.html", machine=seen, spans=spans[::-1], events=seen["events"],
                pace=pace, drawn=timeline(f"states of {seen['name']}", spans))  # fmt: skip
