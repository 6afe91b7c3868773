"""What machines show, for the pages that show it: which picture is whose, and the pictures."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from collector.dash.access import Who, needs
from collector.dash.pages.show import At
from collector.dash.screens.asking import wall_of
from collector.dash.screens.wall import Seen
from collector.fleet.thumbnails import MOST, WIDTHS
from infra.errors import Unavailable, UsageError
from infra.store import machines

router = APIRouter()
Looker = Annotated[Who, Depends(needs("viewer"))]
FOR_GOOD: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
NOW: Final = {"Cache-Control": "no-store"}
WIDE: Final = WIDTHS[1]


@router.get("/screens")
def screens(
    request: Request,
    at: At,
    _: Looker,
    of: Annotated[list[str], Query(max_length=MOST)],
    width: int = WIDTHS[0],
) -> dict[str, Any]:
    """Which picture each of these machines shows now, by the names or UUIDs that were asked."""
    if width not in WIDTHS:
        raise UsageError(f"no screen is {width} wide", f"one of {', '.join(map(str, WIDTHS))}")
    with at.store.read() as tx:
        found = machines.some(tx, of)
    seen = wall_of(request).look([machine.uuid for machine in found], width)
    records = {m.uuid: _record(seen[m.uuid]) for m in found}
    records |= {m.name: records[m.uuid] for m in found}
    gone = {"failure": "it is gone"}
    return {"screens": {name: records.get(name, gone) for name in of}}


@router.get("/screens/{sha256}.jpg")
def picture(
    request: Request, _: Looker, sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
) -> Response:
    """A picture by what is on it: it never changes."""
    return Response(wall_of(request).picture(sha256), media_type="image/jpeg", headers=FOR_GOOD)


@router.get("/machines/{name}/screen.jpg")
def screen(request: Request, at: At, _: Looker, name: str, width: int = WIDTHS[0]) -> Response:
    """What one machine shows now, for a page without JavaScript. Raises NotFound, Unavailable."""
    with at.store.read() as tx:
        uuid = machines.get(tx, name).uuid
    wall = wall_of(request)
    seen = wall.look([uuid], WIDE if width == WIDE else WIDTHS[0])[uuid]
    if not seen.sha256:
        raise Unavailable(f"it shows nothing: {seen.failure}", "look again in a moment", name)
    return Response(wall.picture(seen.sha256), media_type="image/jpeg", headers=NOW)


def _record(seen: Seen) -> dict[str, Any]:
    if not seen.sha256:
        return {"failure": seen.failure}
    return {"src": f"/screens/{seen.sha256}.jpg", "width": seen.width, "height": seen.height}
