"""Two pictures look the same in any colour, size and place; others never do."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from grounding.icons.looks import of_crop, of_picture
from grounding.icons.table import Icon, Picture, Table
from tests.grounding.icons.made import DISC, FRAME, PLUS, WAVES, WEDGE, on, pixels, svg

SHAPES = [PLUS, DISC, WEDGE, FRAME, WAVES]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("size_px", "ground", "colour"), [(24, 255, "#202020"), (32, 40, "#f0f0f0"), (16, 200, "#555")]
)
def test_a_crop_of_a_screen_looks_like_the_drawing_it_shows(
    shape: str, size_px: int, ground: int, colour: str
) -> None:
    drawing = of_picture(pixels(svg(shape), size_px))
    crop = of_crop(on(pixels(svg(shape, colour), size_px), ground))
    assert drawing is not None
    assert crop is not None
    assert crop.same(drawing)


def test_a_button_s_frame_and_a_shaded_toolbar_are_not_part_of_the_look() -> None:
    ground = np.linspace(245, 205, 36)[:, None, None] * np.ones((36, 36, 3))
    shown = on(pixels(svg(PLUS), 24), ground)
    shown[[1, 34], 1:35] = shown[1:35, [1, 34]] = 120
    crop, drawing = of_crop(shown), of_picture(pixels(svg(PLUS), 24))
    assert crop is not None
    assert drawing is not None
    assert crop.same(drawing)


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SHAPES, 2)))
def test_different_shapes_do_not_look_the_same(one: str, other: str) -> None:
    first, second = of_picture(pixels(svg(one), 48)), of_crop(on(pixels(svg(other), 24), 255))
    assert first is not None
    assert second is not None
    assert not first.same(second)
    assert not second.same(first)


def test_a_drawing_of_two_colours_is_told_from_one_of_two_others() -> None:
    red = svg(DISC.format("#d02020") + PLUS, "#ffffff")
    blue = svg(DISC.format("#2020d0") + PLUS, "#ffffff")
    looks = [of_picture(pixels(data, 48)) for data in (red, blue, red)]
    assert all(look is not None for look in looks)
    assert looks[0].same(looks[2])  # type: ignore[union-attr,arg-type]
    assert not looks[0].same(looks[1])  # type: ignore[union-attr,arg-type]


def test_a_flat_crop_has_no_look() -> None:
    assert of_crop(np.full((24, 24, 3), 90, np.uint8)) is None


def test_what_joined_an_icon_draws_nothing_further_to_it() -> None:
    """A row of discs, each a little smaller on its side than the one before."""
    table = Table()
    joined = 0
    for ry in range(9, 2, -1):
        shape = f'<ellipse cx="12" cy="12" rx="9" ry="{ry}" fill="#222"/>'
        look = of_picture(pixels(svg(shape), 48))
        assert look is not None
        if table.find(look) is None:
            table.add(Icon((look,), [Picture(f"{ry}", 48, 48, "skia")]))
        else:
            joined += 1
    assert len(table.icons) >= 3
    assert not any(a.looks[0].same(b.looks[0]) for a, b in itertools.combinations(table.icons, 2))
    assert joined + len(table.icons) == 7
