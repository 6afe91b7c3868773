"""Which pictures may be the same: their hashes in a binary index of faiss, searched without loss.

144 bytes are held in memory for each picture. Equal pictures give equal candidates in equal order,
whatever the machine and the number of threads.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from corpus.operators.images.perceptual import Hashes
from corpus.operators.images.views import COUNT, WHOLES
from infra.errors import Unavailable

BITS: Final = 64
RADIUS: Final = 14
MOST: Final = 12
"""Pictures that are compared at most; the nearest come first."""


class Candidates:
    """Pictures by number, in the order they were added."""

    def __init__(self) -> None:
        faiss = _faiss()
        self._wholes: Any = faiss.IndexBinaryFlat(BITS)
        self._views: Any = faiss.IndexBinaryFlat(BITS)

    def add(self, hashes: Hashes) -> None:
        """Take the next picture's hashes, the wholes first."""
        self._wholes.add(np.ascontiguousarray(hashes[:WHOLES]))
        self._views.add(np.ascontiguousarray(hashes))

    def nearest(self, hashes: Hashes) -> list[int]:
        """Numbers of those whose whole is near a view, or that have a view near the whole."""
        bits, numbers = (
            np.concatenate(found)
            for found in zip(
                _within(self._views, hashes[:WHOLES], COUNT),
                _within(self._wholes, hashes[WHOLES:], WHOLES),
                strict=True,
            )
        )
        order = np.lexsort((numbers, bits))
        first: dict[int, None] = dict.fromkeys(numbers[order].tolist())
        return list(first)[:MOST]


def _within(index: Any, hashes: Hashes, of_each: int) -> tuple[Any, Any]:
    """Distances and pictures of all codes within the radius."""
    _, bits, codes = index.range_search(np.ascontiguousarray(hashes), RADIUS + 1)
    return bits, codes // of_each


def _faiss() -> Any:
    try:
        import faiss
    except ImportError as error:
        raise Unavailable("faiss is not installed", "pip install 'trawl[dedup]'") from error
    faiss.omp_set_num_threads(1)  # a search is too short to be shared
    return faiss
