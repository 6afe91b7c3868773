"""Toolkit units and pixels: told in one, asked in the other, and back to the same place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from envs.tree.units import PIXELS, Units, in_pixels, in_units
from envs.types import Box

PLACES = st.integers(0, 2000)


@given(PLACES, PLACES, st.sampled_from([1.0, 1.25, 1.5, 2.0]))
def test_a_pixel_inside_a_box_is_asked_inside_it(left, top, pixels):
    told = Box(left, top, left + 30, top + 12)
    seen = in_pixels(told, pixels)
    assert seen is not None
    x, y = seen.centre
    assert told.contains(*in_units(x, y, pixels))


def test_where_a_unit_is_a_pixel_nothing_is_changed():
    box = Box(1, 2, 3, 4)
    assert in_pixels(box, PIXELS.of("gtk")) is box
    assert in_units(-3, 7, 1.0) == (-3, 7)
    assert in_pixels(None, 2.0) is None


def test_each_toolkit_speaks_its_own_units():
    units = Units(gtk=2, qt=1.5)
    assert [units.of(name) for name in ("GTK", "gail", "Qt", "Gecko", "")] == [2, 2, 1.5, 1, 1]
