from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collector.episode.effect import MOST_BOXES, effect
from envs.types import Box, Element, Observation, Screen, Tree

SIZE = (120, 200)


def seen(*boxes: Box, elements: tuple[Element, ...] = ()) -> Observation:
    pixels = np.zeros((*SIZE, 3), dtype=np.uint8)
    for box in boxes:
        pixels[box.top : box.bottom, box.left : box.right] = 255
    return Observation(Screen(pixels, 0), Tree(elements, "fake", 0, 0), stable=True)


def named(name: str, box: Box | None = None) -> Element:
    return Element("a", None, "button", name, box=box)


def test_nothing_changed_did_nothing() -> None:
    found = effect(seen(), seen())
    assert (found.boxes, found.did_anything, found.box) == ((), False, None)


def test_two_places_far_apart_are_two_boxes() -> None:
    places = (Box(3, 5, 20, 15), Box(120, 80, 150, 110))
    found = effect(seen(), seen(*places))
    assert found.boxes == places
    assert found.did_anything
    assert found.changed_pixels == sum(box.area for box in places)
    assert found.box == Box(3, 5, 150, 110)


def test_many_places_become_one_box() -> None:
    spots = [Box(x, y, x + 6, y + 6) for x in range(0, 200, 40) for y in range(0, 120, 40)]
    assert len(spots) > MOST_BOXES
    assert len(effect(seen(), seen(*spots)).boxes) == 1


def test_a_caret_alone_did_nothing() -> None:
    assert not effect(seen(), seen(Box(50, 10, 52, 28))).did_anything


def test_the_panels_clock_alone_did_nothing() -> None:
    place = Box(150, 0, 190, 16)
    before = seen(elements=(named("14:07", place),))
    after = seen(Box(180, 2, 188, 14), elements=(named("14:08", place),))
    assert not effect(before, after).did_anything


def test_an_element_that_changed_its_name_is_something() -> None:
    found = effect(seen(elements=(named("Save"),)), seen(elements=(named("Saved"),)))
    assert (found.changed, found.did_anything) == (1, True)
    found = effect(seen(), seen(elements=(named("Save"),)))
    assert (found.appeared, found.vanished) == (1, 0)


def test_a_page_loaded_again_did_nothing() -> None:
    again = Element("b", None, "button", "Save")
    assert not effect(seen(elements=(named("Save"),)), seen(elements=(again,))).did_anything


@given(
    st.integers(0, SIZE[1] - 1), st.integers(0, SIZE[0] - 1), st.integers(1, 60), st.integers(1, 60)
)
def test_one_rectangle_comes_back_exactly(left: int, top: int, width: int, height: int) -> None:
    box = Box(left, top, min(SIZE[1], left + width), min(SIZE[0], top + height))
    assert effect(seen(), seen(box)).boxes == (box,)


def test_a_screen_of_another_size_changed_everywhere() -> None:
    other = Observation(
        Screen(np.zeros((10, 10, 3), dtype=np.uint8), 0), Tree((), "fake", 0, 0), stable=True
    )
    assert effect(seen(), other).box == Box(0, 0, 10, 10)
