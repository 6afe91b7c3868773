"""Python's search for cycles, put off while much is made that holds none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = 100_000
"""Objects that come before the search begins; Python's own 700 search a large heap all the time."""


@contextmanager
def seldom_searched() -> Iterator[None]:
    """Search rarely inside the block, and never what was there before it; then as before.

    What nothing refers to goes at once all the same: only cycles wait.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
