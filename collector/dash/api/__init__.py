"""`/api/v1`: the verbs of the command line over HTTP, with the documents of its `--json`.

A program sends its token with each request. What is answered is described by the very schemas
that describe the command line, published at `/api/v1/openapi.json`.
"""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.datastructures import State
from starlette.types import ASGIApp, Receive, Scope, Send

PATH: Final = "/api/v1"


class Api:
    """The API as ASGI, made when it is first asked for: a dashboard starts without it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._made: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if self._made is None:
            self._made = await asyncio.to_thread(self._make)
        await self._made(scope, receive, send)

    def _make(self) -> ASGIApp:
        from collector.dash.api.application import api

        app = api()
        app.state = self._state
        return app
