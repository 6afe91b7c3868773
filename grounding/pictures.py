"""Screens as PNG: the lossless form that readers open. The same pixels give the same bytes."""

from __future__ import annotations

from typing import Final

from envs.types import Pixels
from infra.blobs import Blobs
from infra.errors import Unavailable

COMPRESSION: Final = 6


def png(pixels: Pixels) -> bytes:
    """The pixels as a PNG."""
    import cv2

    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    written, data = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, COMPRESSION])
    if not written:
        raise Unavailable("this OpenCV writes no PNG", "reinstall opencv-python")
    return data.tobytes()


class Pictures:
    """Stores each screen once: by the hash of its recorded blob, then as a PNG blob."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs
        self.names: dict[str, str] = {}
        """PNG hash of each recorded screen's hash."""

    def store(self, screen_sha256: str, pixels: Pixels) -> str:
        """The hash of the PNG of a recorded screen."""
        if screen_sha256 not in self.names:
            self.names[screen_sha256] = self.blobs.put(png(pixels))
        return self.names[screen_sha256]
