from __future__ import annotations

import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from envs.recording import codec
from envs.types import Box, Element
from infra.errors import Corrupt, UsageError

WORDS = st.text(max_size=12)
BOXES = st.none() | st.builds(Box, *[st.integers(-(2**20), 2**20)] * 4)
ELEMENTS = st.builds(
    Element,
    id=WORDS,
    parent=st.none() | WORDS,
    role=WORDS,
    name=WORDS,
    box=BOXES,
    states=st.frozensets(WORDS, max_size=4),
    actions=st.lists(WORDS, max_size=3).map(tuple),
    value=WORDS,
    hit=st.none() | st.booleans(),
    stale=st.booleans(),
)


@given(st.lists(ELEMENTS, max_size=5).map(tuple))
def test_elements_come_back_as_they_were(elements: tuple[Element, ...]) -> None:
    assert codec.unpack_elements(codec.pack_elements(elements)) == elements


@given(st.integers(1, 40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_pixels_come_back_as_they_were(width: int, height: int, rng) -> None:
    pixels = np.frombuffer(rng.randbytes(width * height * 3), dtype=np.uint8)
    pixels = pixels.reshape(height, width, 3)
    packed = codec.pack_pixels(pixels)
    assert np.array_equal(codec.unpack_pixels(packed, codec.PIXELS, width, height), pixels)
    assert packed == codec.pack_pixels(pixels)


def test_a_lone_surrogate_is_written_all_the_same() -> None:
    element = Element("a", None, "button", "x\ud800y")
    assert codec.unpack_elements(codec.pack_elements((element,)))[0].name == "x?y"


def test_a_screen_of_another_size_is_corrupt() -> None:
    packed = codec.pack_pixels(np.zeros((4, 4, 3), dtype=np.uint8))
    for width, height in ((4, 5), (4, 3), (0, 4), (100_000, 100_000)):
        with pytest.raises(Corrupt):
            codec.unpack_pixels(packed, codec.PIXELS, width, height)
    with pytest.raises(Corrupt, match="png"):
        codec.unpack_pixels(packed, "png", 4, 4)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(UsageError):
        codec.pack_pixels(np.zeros((4, 4), dtype=np.uint8))
    with pytest.raises(UsageError):
        codec.pack_pixels(np.zeros((0, 4, 3), dtype=np.uint8))


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(200 * 1024 * 1024))
    with pytest.raises(Corrupt):
        codec.unpack_elements(bomb)
    with pytest.raises(Corrupt):
        codec.unpack_pixels(bomb, codec.PIXELS, 10, 10)


@given(st.binary(max_size=200))
def test_junk_is_corrupt_and_nothing_else(data: bytes) -> None:
    with pytest.raises(Corrupt):
        codec.unpack_elements(data)
    with pytest.raises(Corrupt):
        codec.unpack_elements(zstandard.ZstdCompressor().compress(data))
