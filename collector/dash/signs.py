"""What programs ask for: whether it lives, whether it can work, what is measured."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from collector.dash.desk import Desk
from collector.dash.pages.show import At
from infra.errors import TrawlError
from infra.store import events

if TYPE_CHECKING:
    from collector.fleet.gauges import Gauges

router = APIRouter()
_making: Final = threading.Lock()


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """It answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def readyz(at: At) -> PlainTextResponse:
    """The database answers too."""
    try:
        with at.store.read() as tx:
            events.last_id(tx)
    except TrawlError as error:
        return PlainTextResponse(f"{error.kind}\n", 503)
    return PlainTextResponse("ready\n")


@router.get("/metrics")
def metrics(at: At) -> Response:
    """What is measured about the whole fleet, for Prometheus; counted since it was first asked."""
    from infra.metrics import CONTENT_TYPE

    with _making:
        gauges = _gauges(at)
    return Response(gauges.of_fleet(), headers={"Content-Type": CONTENT_TYPE})


@lru_cache(maxsize=1)
def _gauges(at: Desk) -> Gauges:
    from collector.fleet.gauges import Gauges
    from envs import registry
    from infra.metrics import Metrics

    places = {"home": at.settings.home, "cache": at.settings.cache}
    metrics = Metrics(registry.names(), at.clock)
    return Gauges(at.store, metrics, at.clock, places, at.settings.disk_floor_bytes)


@router.get("/favicon.ico")
def favicon() -> RedirectResponse:
    """Where a browser looks for the picture of a document that names none."""
    return RedirectResponse("/static/icon.svg", 308)
