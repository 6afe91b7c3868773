"""The perceptual hash is what its definition says, bit for bit, and moves little with a picture."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.operators.images import perceptual
from tests.corpus import pictures


def by_hand(square: Any) -> bytes:
    """The definition, sum by sum in whole numbers."""
    wave = [
        [round(2**13 * math.cos(math.pi * (2 * x + 1) * u / 64)) for x in range(32)]
        for u in range(8)
    ]
    rows = [
        [sum(wave[v][y] * int(square[y][x]) for y in range(32)) for x in range(32)]
        for v in range(8)
    ]
    low = [sum(wave[u][x] * rows[v][x] for x in range(32)) for v in range(8) for u in range(8)][1:]
    above = max(sorted(low)[31], max(abs(n) for n in low) * 0.01)
    bits = "0" + "".join("1" if n > above else "0" for n in low)
    return int(bits, 2).to_bytes(8, "big")


@given(st.integers(0, 2**32), st.sampled_from(["noise", "steps", "mirrored", "flat"]))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_the_hash_is_its_definition(seed: int, kind: str) -> None:
    draw = np.random.default_rng(seed)
    square = draw.integers(0, 256, (32, 32), np.uint8)
    if kind == "steps":
        square = np.repeat(square[:, :1], 32, axis=1)
    if kind == "mirrored":
        square[:, 16:] = square[:, 15::-1]
    if kind == "flat":
        square[:] = square[0, 0]
    assert perceptual.hashes(square[None])[0].tobytes() == by_hand(square)


def test_many_at_once_are_as_one_by_one() -> None:
    shown = [pictures.scene(90 + n, 70, n) for n in range(40)]
    squares = [perceptual.cells(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY)) for p in shown]
    together = [row.tobytes() for row in perceptual.hashes(np.stack(squares))]
    assert together == [perceptual.of_pixels(p) for p in shown]
    assert len(set(together)) == len(together)


@pytest.mark.parametrize("seed", range(8))
def test_a_picture_written_anew_smaller_or_brighter_stays_near_and_others_do_not(seed: int) -> None:
    large = cv2.resize(pictures.scene(60, 40, seed), (600, 400), interpolation=cv2.INTER_CUBIC)
    own = perceptual.of_pixels(large)
    same = [
        perceptual.of_jpeg(pictures.jpeg(large, 60)),
        perceptual.of_pixels(cv2.resize(large, (170, 113), interpolation=cv2.INTER_AREA)),
        perceptual.of_pixels(cv2.convertScaleAbs(large, alpha=0.85, beta=8)),
    ]
    other = perceptual.of_pixels(pictures.scene(60, 40, seed + 100))
    assert max(perceptual.distance(own, near) for near in same) <= 6
    assert perceptual.distance(own, other) > 12


def test_what_symmetry_makes_zero_stays_zero_in_noise() -> None:
    disc = np.full((300, 300, 3), 255, np.uint8)
    cv2.circle(disc, (150, 150), 90, (20, 20, 160), -1, cv2.LINE_AA)
    own = perceptual.of_pixels(disc)
    for quality in (20, 50, 80):
        assert perceptual.distance(own, perceptual.of_jpeg(pictures.jpeg(disc, quality))) <= 2
