"""Looks that are the same are never told apart before their cells are compared."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding.icons import waves
from grounding.icons.looks import Look, of_crop, of_picture
from grounding.icons.waves import Traits
from tests.grounding.icons.made import DISC, FRAME, PLUS, WAVES, WEDGE, on, pixels, svg

SHAPES = [PLUS, DISC, WEDGE, FRAME, WAVES, DISC.format("#d02020") + PLUS]


def may_be(known: Look, look: Look) -> bool:
    many = Traits(*(np.asarray([part]) for part in waves.traits(known)))
    return bool(waves.may_be(many, waves.traits(look))[0])


def drawn() -> list[Look]:
    """Drawings in two sizes, and what screens show of them."""
    found = []
    for shape, size_px in itertools.product(SHAPES, (16, 24)):
        picture = pixels(svg(shape), size_px)
        found.append(of_picture(picture))
        found += [of_crop(on(picture, ground)) for ground in (255, 90)]
    return [look for look in found if look is not None]


def test_no_two_that_are_the_same_are_kept_from_being_compared() -> None:
    looks = drawn()
    same = [(a, b) for a, b in itertools.product(looks, looks) if a.same(b)]
    assert len(same) > 2 * len(looks)
    assert all(may_be(a, b) for a, b in same)


def test_most_that_differ_are_told_apart_by_their_waves() -> None:
    looks = drawn()
    differ = [(a, b) for a, b in itertools.product(looks, looks) if not a.same(b)]
    assert sum(may_be(a, b) for a, b in differ) < len(differ) / 4


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(-1, 1), st.integers(-1, 1), st.floats(0, 12))
@pytest.mark.parametrize("crop", [False, True])
def test_noise_and_a_move_by_a_cell_hide_nothing(crop, seed, dx, dy, levels):
    rng = np.random.default_rng(seed)
    side, ground = 32, rng.uniform(0, 255, 3).astype(np.float32)
    cover = (rng.uniform(0, 1, (side, side)) > 0.6).astype(np.float32)
    colour = rng.uniform(0, 255, (side, side, 3)).astype(np.float32)
    other = np.roll(colour, (dy, dx), (0, 1)) + rng.normal(0, levels, (side, side, 3))
    plain = {"mono": False, "proportion": 0.0, "hash": 0, "ink": float(cover.mean())}
    stands = {**plain, "ground": ground if crop else None}
    one = Look(cover, colour, **stands)
    two = Look(np.roll(cover, (dy, dx), (0, 1)), other.astype(np.float32), **stands)
    for a, b in ((one, two), (two, one)):
        assert may_be(a, b) or not a.same(b)
