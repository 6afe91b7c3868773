"""The application: one desk, its pages and what they load, behind the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from collector.dash import pages, refusals, signs
from collector.dash.access import door
from collector.dash.access.gate import Gate
from collector.dash.access.keeper import Keeper
from collector.dash.access.surface import Surface
from collector.dash.desk import Desk

STATIC: Final = Path(__file__).parent / "static"


def application(desk: Desk, surface: Surface | None = None) -> FastAPI:
    """Everything that is served over one desk; without a surface, on loopback alone."""
    app = FastAPI(title="Trawl", docs_url=None, redoc_url=None, openapi_url=None)
    keeper = Keeper(desk, surface or Surface())
    app.state.desk, app.state.keeper = desk, keeper
    refusals.install(app)
    app.include_router(door.router)
    app.include_router(signs.router)
    for router in pages.routers():
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Gate, keeper=keeper)
    return app
