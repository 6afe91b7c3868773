"""The API's routes and what it publishes of itself."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from collector.dash import refusals
from collector.dash.api import (
    PATH,
    corpora,
    episodes,
    events,
    fleet,
    ground,
    hosts,
    machines,
    runs,
    schemas,
    tokens,
    upkeep,
)
from infra import __version__

ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": said, "content": schemas.content("error", "error")}
    for status, said in {"4XX": "refused, and why", "422": "malformed", "5XX": "not now"}.items()
}

ROOMS: Final = (fleet, machines, hosts, runs, events, episodes, ground, corpora, upkeep, tokens)


def api() -> FastAPI:
    """The application that is mounted at PATH."""
    app = FastAPI(
        title="Trawl",
        version=__version__,
        description="Fleets of machines, what they record, and the mixtures made of it.",
        servers=[{"url": PATH}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        responses=ERRORS,
        generate_unique_id_function=lambda route: route.name,
    )
    refusals.install(app)
    app.add_middleware(refusals.Caught)
    for room in ROOMS:
        app.include_router(room.router)
    schemas.describe(app)
    return app
