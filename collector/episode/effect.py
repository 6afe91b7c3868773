"""What an action changed, as far as two observations show: regions of pixels, and elements.

A blinking caret and a clock are not news: they alone never make a step count as having done
something.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from envs.recording.difference import difference, is_clock
from envs.recording.types import Effect
from envs.types import Box, Observation

TILE: Final = 16
"""Changed pixels this near to each other belong to one region."""
MOST_BOXES: Final = 8
CARET: Final = (4, 64)
"""Widest and highest a caret gets."""
Mask = npt.NDArray[np.bool_]


def effect(before: Observation, after: Observation) -> Effect:
    """The difference between two observations."""
    mask = _changed(before, after)
    boxes = _regions(mask)
    trees = difference(before.tree, after.tree)
    elements = trees.appeared_count + trees.vanished_count + trees.changed_count
    clocks = [e.box for e in after.tree.elements if is_clock(e) and e.box is not None]
    real = any(not _is_idle(box, clocks) for box in boxes)
    return Effect(
        boxes=boxes if len(boxes) <= MOST_BOXES else (_around(boxes),),
        changed_pixels=int(mask.sum()),
        appeared=trees.appeared_count,
        vanished=trees.vanished_count,
        changed=trees.changed_count,
        did_anything=real or elements > 0,
    )


def _changed(before: Observation, after: Observation) -> Mask:
    """Which pixels differ; all of them where the screen changed its size."""
    old, new = before.screen.pixels, after.screen.pixels
    if old.shape != new.shape:
        return np.ones(new.shape[:2], dtype=np.bool_)
    return np.asarray((old != new).any(axis=2), dtype=np.bool_)


def _regions(mask: Mask) -> tuple[Box, ...]:
    """The rectangles around changed pixels, those in touching tiles taken together."""
    if not mask.any():
        return ()
    height, width = mask.shape
    padded = np.pad(mask, ((0, -height % TILE), (0, -width % TILE)))
    rows, columns = padded.shape[0] // TILE, padded.shape[1] // TILE
    tiles = padded.reshape(rows, TILE, columns, TILE).any(axis=(1, 3))
    pending = {(int(r), int(c)) for r, c in np.argwhere(tiles)}
    boxes = []
    while pending:
        boxes.append(_tight(padded, _component(pending)))
    return tuple(sorted(boxes, key=lambda box: (box.top, box.left)))


def _component(pending: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take one set of touching tiles out of `pending`."""
    edge = [pending.pop()]
    taken = []
    while edge:
        row, column = edge.pop()
        taken.append((row, column))
        for near in ((row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1)):
            if near in pending:
                pending.remove(near)
                edge.append(near)
    return taken


def _tight(mask: Mask, tiles: list[tuple[int, int]]) -> Box:
    """The rectangle around the changed pixels of those tiles."""
    top, left = min(r for r, _ in tiles) * TILE, min(c for _, c in tiles) * TILE
    bottom, right = (max(r for r, _ in tiles) + 1) * TILE, (max(c for _, c in tiles) + 1) * TILE
    part = mask[top:bottom, left:right]
    across, down = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    return Box(
        left + int(across[0]),
        top + int(down[0]),
        left + int(across[-1]) + 1,
        top + int(down[-1]) + 1,
    )


def _around(boxes: tuple[Box, ...]) -> Box:
    return Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )


def _is_idle(box: Box, clocks: list[Box]) -> bool:
    """Whether a change is one that comes by itself."""
    if box.width <= CARET[0] and box.height <= CARET[1]:
        return True
    return any(clock.intersection(box).area == box.area for clock in clocks)
