"""The application: one desk, its pages and what they load."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from collector.dash import pages
from collector.dash.desk import Desk

STATIC: Final = Path(__file__).parent / "static"


def application(desk: Desk) -> FastAPI:
    """Everything that is served over one desk."""
    app = FastAPI(title="Trawl", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    for router in pages.routers():
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
