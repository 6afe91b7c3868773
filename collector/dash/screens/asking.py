"""Whom a wall asks: this host's controller, and for machines in quarantine what they showed last."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from fastapi import Request

from collector.dash.desk import Desk
from collector.dash.screens.wall import Ask, Wall
from collector.fleet import client, last_screen, service
from collector.pictures import jpeg, shrunk
from infra.errors import TrawlError


def wall_of(request: Request) -> Wall:
    """The application's wall."""
    return cast("Wall", request.app.state.wall)


def asks(desk: Desk) -> Ask:
    """Asks the controller of the desk's home."""
    path = client.socket_path(desk.settings)

    def ask(
        uuids: Sequence[str], known: Mapping[str, str], width: int
    ) -> Mapping[str, Mapping[str, Any]]:
        told: dict[str, dict[str, Any]] = {}
        refused: TrawlError | None = None
        try:
            answer = service.ask(
                path, "screens", machines=list(uuids), known=dict(known), width=width
            )
            told = answer["screens"]
        except TrawlError as error:
            refused = error
        for uuid in uuids:
            if "sha256" not in told.get(uuid, {}):
                told |= _kept(last_screen.path(desk.settings.home, uuid), uuid, width)
        if refused is not None and not told:
            raise refused
        return told

    return ask


def _kept(path: Path, uuid: str, width: int) -> dict[str, dict[str, Any]]:
    """What a machine in quarantine showed last, where it is kept here."""
    try:
        changed_ns = path.stat().st_mtime_ns
    except (OSError, ValueError):  # no file, or no name of one
        return {}
    return {uuid: _record(path, width, changed_ns)}


@lru_cache(maxsize=64)
def _record(path: Path, width: int, changed_ns: int) -> dict[str, Any]:
    """As the controller says it; read once for each time that the file was written."""
    import cv2
    import numpy as np

    del changed_ns
    read = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if read is None:
        return {"failure": "its last screen is no picture any more"}
    small = shrunk(np.asarray(read[:, :, ::-1], np.uint8), width)
    height, wide = int(small.shape[0]), int(small.shape[1])
    return {
        "sha256": hashlib.sha256(b"%d %d " % (wide, height) + small.tobytes()).hexdigest(),
        "width": wide,
        "height": height,
        "age_s": 0.0,
        "jpeg": base64.b64encode(jpeg(small)).decode("ascii"),
    }
