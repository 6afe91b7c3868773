"""Grounding: what its last builds kept and left out, and how right kept elements were found to be."""

from __future__ import annotations

from fastapi import APIRouter

from collector.dash.api.schemas import Document, told
from collector.dash.damage import OfFiles
from collector.dash.pages.show import At

router = APIRouter(prefix="/ground", tags=["ground"], route_class=OfFiles)


@router.get("/stats", responses=told("ground", "stats"))
def ground_stats(at: At) -> Document:
    """What grounding kept and what its gates dropped."""
    from collector.views import ground

    return Document(ground.stats(at.settings.home))


@router.get("/check", responses=told("ground", "check"))
def ground_check(at: At) -> Document:
    """How right kept elements are, as the last check of this host reported it."""
    from collector.views import ground

    return Document(ground.precision(at.settings.home))


@router.get("/icons/stats", responses=told("ground", "icons-stats"))
def ground_icons_stats(at: At) -> Document:
    """What the last build of the icon table kept, and what it left out and why."""
    from collector.views import ground

    return Document(ground.icon_stats(at.settings.home))
