"""Pictures for pages: each at the address of its content, to be kept by the browser for good."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from collector.dash import pictures
from collector.dash.pages.show import At

router = APIRouter(include_in_schema=False)
FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}


@router.get("/pictures/screens/{name}")
def screen(desk: At, name: str) -> Response:
    """A recorded screen, whole or small."""
    kind = "image/jpeg" if name.endswith(".jpg") else "image/webp"
    return Response(pictures.screen(desk.settings.home, name), media_type=kind, headers=FOR_GOOD)


@router.get("/pictures/crops/{name}")
def crop(desk: At, name: str) -> Response:
    """A part of a recorded screen."""
    return _webp(pictures.crop(desk.settings.home, name))


@router.get("/pictures/icons/{name}")
def icon(desk: At, name: str) -> Response:
    """A picture of the icon table."""
    return _webp(pictures.icon(desk.settings.home, name))


@router.get("/pictures/corpora/{corpus}/{name}")
def of_corpus(desk: At, corpus: str, name: str) -> Response:
    """A picture of a corpus."""
    return _webp(pictures.of_corpus(desk.settings.home, corpus, name))


def _webp(data: bytes) -> Response:
    return Response(data, media_type="image/webp", headers=FOR_GOOD)
