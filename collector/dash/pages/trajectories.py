"""Trajectories: what was recorded, and each step with what was seen, done and thought."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from collector.dash import overlay, pictures
from collector.dash.pages.sheet import Column, Sheet
from collector.dash.pages.show import At, show
from collector.fleet import query
from collector.views import layers, trajectory
from infra.errors import TrawlError, UsageError

router = APIRouter(include_in_schema=False)
COLUMNS = (
    Column("episode", "Trajectory", sorts=False),
    Column("status", "Status", sorts=False),
    Column("steps", "Steps", "num", sorts=False),
    Column("platform", "Platform", sorts=False),
    Column("explorer", "Explorer", sorts=False, spare=True),
    Column("run", "Run", sorts=False, spare=True),
    Column("goal", "Goal or reason", "grow", sorts=False, spare=True),
    Column("started_ns", "Started", sorts=False),
)


@router.get("/trajectories", response_class=HTMLResponse)
def listed(request: Request, desk: At, q: str = "", before: str = "") -> HTMLResponse:
    """Every recording, the newest first."""
    wrong, meant = None, query.Query()
    try:
        meant = query.parse(q, trajectory.ASKABLE)
    except UsageError as error:
        wrong = error
    found = trajectory.listed(desk.settings.home, meant, before)
    rows = found["rows"] if wrong is None else []
    sheet = Sheet.of(request, COLUMNS, "episode").holding(rows, len(rows))
    return show(request, "trajectories.html", sheet=sheet, found=found, q=q, wrong=wrong,
                before=before, thumbnail=_thumbnail)  # fmt: skip


@router.get("/trajectories/{episode}", response_class=HTMLResponse)
def shown(request: Request, desk: At, episode: str, step: int = 0) -> HTMLResponse:
    """One recording at one of its steps."""
    record = trajectory.shown(desk.settings.home, episode)
    at = max(0, min(step, len(record["steps"]) - 1))
    opened, broken = None, None
    try:
        opened = _step(desk, episode, at, record) if record["steps"] else None
    except TrawlError as error:  # a blob is gone or damaged: the other steps may be whole
        broken = error
    return show(request, "trajectory.html", t=record, opened=opened, broken=broken, at=at)


@router.get("/trajectories/{episode}/steps/{step}", response_class=HTMLResponse)
def one_step(request: Request, desk: At, episode: str, step: int) -> HTMLResponse:
    """What the page shows of one step, for the page's script."""
    record = trajectory.shown(desk.settings.home, episode)
    return show(request, "parts/step.html", t=record, opened=_step(desk, episode, step, record))


def _step(desk: At, episode: str, index: int, record: dict[str, Any]) -> dict[str, Any]:
    one = layers.step(desk.settings.home, episode, index)
    marks = one.pop("layers")
    said = record["said"][index]
    document = json.dumps({**one, **said}, ensure_ascii=False, indent=2, default=str)
    return {
        **one,
        "said": said,
        "json": document,
        "stage": overlay.stage({**one, "layers": marks}),
        "kept": len(marks["kept"]),
        "boxes": len(marks["tree"]),
    }


def _thumbnail(screen: dict[str, Any] | None) -> str:
    return pictures.screen_address(screen, 320) if screen else ""
