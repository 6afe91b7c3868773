"""The observations of one recording, each screen and each tree decoded once."""

from __future__ import annotations

from envs.recording import codec
from envs.recording.types import ObservationRef
from envs.types import Element, Observation, Pixels, Screen
from infra.blobs import Blobs


class Stored:
    """Reads observations and remembers what their blobs hold."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._pixels: dict[str, Pixels] = {}
        self._elements: dict[str, tuple[Element, ...]] = {}

    def observation(self, ref: ObservationRef) -> Observation:
        """The observation whole. Raises NotFound, Corrupt."""
        screen, tree = ref.screen, ref.tree
        if screen.sha256 not in self._pixels:
            self._pixels[screen.sha256] = screen.load(self._blobs).pixels
        if tree.sha256 not in self._elements:
            self._elements[tree.sha256] = codec.unpack_elements(self._blobs.get(tree.sha256))
        return Observation(
            Screen(self._pixels[screen.sha256], screen.t_ns, screen.scale),
            tree.of(self._elements[tree.sha256]),
            ref.stable,
            ref.tries,
        )
