"""Screens become PNGs that any reader opens; what was seen before changes no byte."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.categories.agent.png import fault
from envs.types import Pixels
from grounding.pictures import BAND_ROWS, Encoder

SIZES = st.tuples(st.integers(1, 24), st.integers(1, 3 * BAND_ROWS + 1))
EDITS = st.lists(
    st.tuples(st.integers(0, 23), st.integers(0, 3 * BAND_ROWS), st.integers(0, 255)), max_size=6
)


def opened(png: bytes) -> Pixels:
    read = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert read is not None
    return np.asarray(cv2.cvtColor(read, cv2.COLOR_BGR2RGB), np.uint8)


@settings(max_examples=60, deadline=None)
@given(SIZES, EDITS)
def test_a_screen_after_others_gives_the_bytes_it_gives_alone(size, edits):
    width, height = size
    encoder, screen = Encoder(), np.full((height, width, 3), 200, np.uint8)
    for x, y, level in edits:
        screen = screen.copy()
        screen[y % height, x % width] = level
        png = encoder.png(screen)
        assert png == Encoder().png(screen)
        assert np.array_equal(opened(png), screen)
        assert fault(png, size) == ""


def test_a_screen_of_another_size_is_no_part_of_the_one_before():
    encoder = Encoder()
    for width, height in ((40, 64), (64, 40), (40, 64), (40, 48)):
        screen = np.full((height, width, 3), width, np.uint8)
        assert np.array_equal(opened(encoder.png(screen)), screen)
