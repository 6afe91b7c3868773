"""The application: one desk, its pages and what they load, behind the gate."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from collector.dash import api, pages, refusals, signs
from collector.dash.access import door
from collector.dash.access.gate import Gate
from collector.dash.access.keeper import Keeper
from collector.dash.access.surface import Surface
from collector.dash.console.consoles import Consoles
from collector.dash.desk import Desk
from collector.dash.live import stream
from collector.dash.live.feed import Feed
from collector.dash.screens.asking import asks
from collector.dash.screens.wall import Wall

STATIC: Final = Path(__file__).parent / "static"


def application(desk: Desk, surface: Surface | None = None) -> FastAPI:
    """Everything that is served over one desk; without a surface, on loopback alone."""
    keeper, feed = Keeper(desk, surface or Surface()), Feed(desk.store, desk.clock)
    app = FastAPI(title="Trawl", docs_url=None, redoc_url=None, openapi_url=None,
                  lifespan=lambda _: _reading(feed))  # fmt: skip
    app.state.desk, app.state.keeper, app.state.feed = desk, keeper, feed
    app.state.wall = Wall(asks(desk), desk.clock)
    app.state.consoles = Consoles(desk, keeper.knows)
    refusals.install(app)
    app.include_router(door.router)
    app.include_router(signs.router)
    app.include_router(stream.router)
    for router in pages.routers():
        app.include_router(router)
    app.mount(api.PATH, api.Api(app.state))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(refusals.Caught)
    app.add_middleware(Gate, keeper=keeper)
    return app


@contextlib.asynccontextmanager
async def _reading(feed: Feed) -> AsyncIterator[None]:
    """The event log is read for as long as the application lives."""
    reading = asyncio.create_task(feed.run())
    yield
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading
