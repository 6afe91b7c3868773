"""Drawn pictures of several kinds, each from its number alone and each unlike all others."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np

SIDES: Final = (240, 320, 400, 448)
WORDS: Final = [
    "light",
    "river",
    "stone",
    "paper",
    "table",
    "garden",
    "window",
    "engine",
    "number",
    "forest",
    "letter",
    "market",
    "signal",
    "harbour",
    "cotton",
    "bridge",
    "planet",
    "violin",
    "copper",
    "kitchen",
]


def scene(number: int) -> Any:
    """RGB pixels of the picture of that number."""
    draw = random.Random(f"scene {number}")
    width, height = draw.choice(SIDES), draw.choice(SIDES)
    return KINDS[number % len(KINDS)](draw, width, height)


def _colour(draw: random.Random) -> tuple[int, int, int]:
    return draw.randrange(256), draw.randrange(256), draw.randrange(256)


def _say(
    page: Any, draw: random.Random, at: tuple[int, int], words: int, size: float = 0.4
) -> None:
    text = " ".join(draw.choices(WORDS, k=words))
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (20, 20, 20), 1, cv2.LINE_AA)


def _shapes(draw: random.Random, width: int, height: int) -> Any:
    """Discs, boxes and lines over a slope of colour."""
    slope = np.linspace(_colour(draw), _colour(draw), width)
    page = np.ascontiguousarray(np.broadcast_to(slope, (height, width, 3)).astype(np.uint8))
    for _ in range(draw.randint(4, 14)):
        one, other = ((draw.randrange(width), draw.randrange(height)) for _ in range(2))
        thick = draw.choice((-1, 2, 5))
        match draw.randrange(3):
            case 0:
                cv2.circle(page, one, draw.randint(8, 70), _colour(draw), thick, cv2.LINE_AA)
            case 1:
                cv2.rectangle(page, one, other, _colour(draw), thick)
            case _:
                cv2.line(page, one, other, _colour(draw), draw.randint(1, 9), cv2.LINE_AA)
    return page


def _clouds(draw: random.Random, width: int, height: int) -> Any:
    """Noise in octaves, as soft as a photograph, with a horizon."""
    noise = np.random.default_rng(draw.randrange(1 << 32))
    page = np.zeros((height, width, 3), np.float32)
    for octave in (3, 6, 12, 24, 48):
        rough = noise.normal(0, 1, (octave, octave, 3)).astype(np.float32)
        page += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC) / octave**0.7
    page[draw.randint(height // 3, 2 * height // 3) :] += noise.normal(0, 0.8, 3)
    low, high = page.min(), page.max()
    return ((page - low) / (high - low) * 255).astype(np.uint8)


def _page(draw: random.Random, width: int, height: int) -> Any:
    """A page of lines in one type, with a box for a figure."""
    page = np.full((height, width, 3), 250, np.uint8)
    for y in range(20, height - 8, 16):
        _say(page, draw, (12, y), draw.randint(2, 6))
    left, top = draw.randrange(width // 2), draw.randrange(height // 2)
    cv2.rectangle(page, (left, top), (left + width // 3, top + height // 4), _colour(draw), -1)
    return page


def _chart(draw: random.Random, width: int, height: int) -> Any:
    """Bars or a line over axes with labels."""
    page = np.full((height, width, 3), 255, np.uint8)
    cv2.rectangle(page, (40, 20), (width - 20, height - 40), (0, 0, 0), 1)
    count, ink = draw.randint(4, 14), _colour(draw)
    tops = [draw.randint(25, height - 45) for _ in range(count)]
    step = (width - 70) // count
    points = [(45 + step * n + step // 2, top) for n, top in enumerate(tops)]
    if draw.random() < 0.5:
        cv2.polylines(page, [np.array(points)], isClosed=False, color=ink, thickness=3)
    else:
        for x, top in points:
            cv2.rectangle(page, (x - step // 3, top), (x + step // 3, height - 41), ink, -1)
    _say(page, draw, (50, height - 15), 3)
    return page


def _screen(draw: random.Random, width: int, height: int) -> Any:
    """Windows with a title, words and buttons."""
    page = np.full((height, width, 3), _colour(draw), np.uint8)
    for _ in range(draw.randint(1, 3)):
        left, top = draw.randrange(width // 2), draw.randrange(height // 2)
        right, bottom = left + width // 2, top + height // 2
        cv2.rectangle(page, (left, top), (right, bottom), (235, 235, 235), -1)
        cv2.rectangle(page, (left, top), (right, top + 18), _colour(draw), -1)
        for row in range(top + 34, bottom - 10, 18):
            _say(page, draw, (left + 8, row), draw.randint(1, 3), 0.35)
        cv2.rectangle(page, (right - 60, bottom - 24), (right - 8, bottom - 6), _colour(draw), -1)
    return page


def _map(draw: random.Random, width: int, height: int) -> Any:
    """Regions around towns, each of its own colour, with borders."""
    count = draw.randint(8, 24)
    towns = np.array([(draw.randrange(width), draw.randrange(height)) for _ in range(count)])
    rows, columns = np.mgrid[:height, :width]
    away = (columns[..., None] - towns[:, 0]) ** 2 + (rows[..., None] - towns[:, 1]) ** 2
    region = away.argmin(axis=2).astype(np.uint8)
    page = np.array([_colour(draw) for _ in range(count)], np.uint8)[region]
    border = cv2.morphologyEx(region, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    page[border] = 30
    return page


KINDS: Final[tuple[Callable[[random.Random, int, int], Any], ...]] = (
    _shapes, _clouds, _page, _chart, _screen, _map,
)  # fmt: skip
