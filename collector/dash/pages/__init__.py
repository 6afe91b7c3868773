"""The pages: one module each, which reads a record of `collector.views` and shows a template."""

from __future__ import annotations

import importlib
from typing import Final

from fastapi import APIRouter

NAMES: Final[tuple[str, ...]] = (
    "fleet",
    "machines",
    "orders",
    "screens",
    "console",
    "hosts",
    "start",
    "runs",
    "trajectories",
    "grounding",
    "corpora",
    "mixture",
    "pictures",
    "annotate",
    "events",
    "health",
)
"""The modules, in the order of the navigation; each has `router: APIRouter`."""


def routers() -> list[APIRouter]:
    """One router a page."""
    return [importlib.import_module(f"{__name__}.{name}").router for name in NAMES]
