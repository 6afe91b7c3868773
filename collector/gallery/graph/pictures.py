"""A graph's thumbnails: the screens where its states were first seen, small, as data in the page."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from collector.explore.graph import Place
from collector.pictures import webp
from envs.recording import reader
from envs.recording.types import Recording
from infra.errors import TrawlError

WIDTH_PX: Final = 320
QUALITY: Final = 55


class Thumbnails:
    """Reads screens of recordings under one home; a recording is read once."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._read: dict[str, Recording | None] = {}

    def of(self, place: Place) -> str:
        """The `data:` address of a small picture; empty where the recording or its blob is gone."""
        recording = self._recording(place.recording)
        if recording is None:
            return ""
        seen = recording.observations()
        if not 0 <= place.number < len(seen):
            return ""
        directory = self._home / "recordings" / place.recording
        try:
            pixels = seen[place.number].screen.load(reader.blobs_of(directory)).pixels
        except TrawlError:
            return ""
        data = base64.b64encode(webp(pixels, WIDTH_PX, QUALITY)).decode()
        return f"data:image/webp;base64,{data}"

    def _recording(self, name: str) -> Recording | None:
        if name not in self._read:
            try:
                self._read[name] = reader.read(self._home / "recordings" / name) if name else None
            except TrawlError:
                self._read[name] = None
        return self._read[name]
