"""Screens as PNG, for people and files; recordings keep pixels in a codec of their own."""

from __future__ import annotations

from envs.types import Pixels


def png(pixels: Pixels) -> bytes:
    """An RGB screen as a PNG."""
    import cv2

    return bytes(cv2.imencode(".png", pixels[:, :, ::-1])[1].tobytes())
