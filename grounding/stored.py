"""The observations of one recording, each screen and each tree decoded once."""

from __future__ import annotations

from typing import Final

import numpy as np

from envs.recording import codec
from envs.recording.types import ObservationRef, ScreenRef
from envs.types import Element, Observation, Pixels, Screen
from infra.blobs import Blobs

AT_ONCE: Final = 4
"""Screens whose memory is asked for together."""


class Stored:
    """Reads observations and remembers what their blobs hold."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._pixels: dict[str, Pixels] = {}
        self._elements: dict[str, tuple[Element, ...]] = {}
        self._room: list[Pixels] = []

    def observation(self, ref: ObservationRef) -> Observation:
        """The observation whole. Raises NotFound, Corrupt."""
        screen, tree = ref.screen, ref.tree
        if screen.sha256 not in self._pixels:
            self._pixels[screen.sha256] = self._unpacked(screen)
        if tree.sha256 not in self._elements:
            self._elements[tree.sha256] = codec.unpack_elements(self._blobs.get(tree.sha256))
        return Observation(
            Screen(self._pixels[screen.sha256], screen.t_ns, screen.scale),
            tree.of(self._elements[tree.sha256]),
            ref.stable,
            ref.tries,
        )

    def _unpacked(self, ref: ScreenRef) -> Pixels:
        """A screen in memory that is asked for by several at once, which comes in huge pages."""
        data = self._blobs.get(ref.sha256)
        shape = ref.height, ref.width, 3
        if not self._room or self._room[-1].shape != shape:
            codec.check_size(ref.width, ref.height)
            self._room = list(np.empty((AT_ONCE, *shape), np.uint8))
        return codec.unpack_pixels(data, ref.codec, ref.width, ref.height, self._room.pop())
