"""The dashboard as a process of its own, from the settings to the last answer."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from collector.dash import server
from collector.dash.access.keeper import PLACE
from collector.dash.access.surface import Surface
from collector.dash.access.tokens import Tokens
from collector.dash.app import application
from collector.dash.desk import Desk
from infra import home, logs
from infra.clock import SystemClock
from infra.errors import Conflict
from infra.files import publish
from infra.ids import RandomIds
from infra.redaction import secrets_in
from infra.settings import Settings
from infra.store import open_store

ADMIN: Final = "admin"


def run(settings: Settings, surface: Surface, tell: Callable[[str, Path], None]) -> None:
    """Serve until told to stop; `tell` gets the address and the file of the first token.

    Raises Unavailable where the address or the database cannot be had.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # its memory holds what screens showed
    home.take(settings.home)
    logs.configure(sys.stderr, None, secrets_in({**os.environ, **settings.model_dump()}))
    clock = SystemClock()
    with open_store(settings) as store, server.listen(surface) as listener:
        desk = Desk(settings, store, clock, RandomIds(clock))
        app = application(desk, surface)
        told = address(surface, listener.getsockname()[1]), first_token(settings.home)
        server.server(app, surface, lambda: tell(*told)).run(sockets=[listener])


def first_token(where: Path) -> Path:
    """The file that holds the token of `admin`; made where there is no token at all."""
    tokens, file = Tokens(where / PLACE), where / PLACE / "admin-token"
    if not tokens.listed():
        with contextlib.suppress(Conflict):  # another that starts at the same moment was first
            publish(file, f"{tokens.add(ADMIN, ADMIN)}\n".encode(), mode=0o600)
    return file


def address(surface: Surface, port: int) -> str:
    """What a person opens in a browser."""
    scheme = "https" if surface.certificate is not None else "http"
    name = f"[{surface.address}]" if ":" in surface.address else surface.address
    return f"{scheme}://{name}:{port}/"
