"""What a recipe says of near duplicates and evaluation pictures is done, counted and kept between builds."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.categories.caption.render import render
from infra.errors import NotFound, UsageError
from infra.progress import Silent
from tests.corpus import made, pictures

RECIPE = """\
name: drawings
budget_tokens: 100000
categories:
  caption: {{weight: 1, operators: {operators}}}
sources:
  openclipart: {{category: caption, reader: openclipart, package: openclipart-svg}}
"""


def svg(seed: int, box: str = "0 0 100 100", title: str = "") -> bytes:
    """A drawing of its own; another box shows it smaller or cut."""
    draw = random.Random(seed)
    shapes = "".join(
        f'<circle cx="{draw.randrange(15, 85)}" cy="{draw.randrange(15, 85)}" r="{draw.randrange(5, 14)}"'
        f' fill="#{draw.randrange(1 << 24):06x}" stroke="black"/>'
        for _ in range(9)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:cc="http://web.resource.org/cc/"><metadata><cc:Work><dc:title>'
        f"{title or f'Balls {seed}'}</dc:title></cc:Work></metadata>{shapes}</svg>"
    ).encode()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    files = {
        f"usr/share/openclipart/svg/{name}.svg": data
        for name, data in (
            ("a", svg(1)), ("b", svg(2)), ("c", svg(1, "-4 -4 108 108", "Again")), ("d", svg(3)),
        )
    }  # fmt: skip
    made.write_package(tmp_path / "shelf", "openclipart-svg", files, b"Public domain.")
    return Places(tmp_path / "home", tmp_path, 2, 0)


def drops(places: Places, operators: str) -> dict[str, list[str]]:
    """Reasons and examples after a scan, without the titles."""
    read = recipe.parse(RECIPE.format(operators=operators).encode(), "r.yaml")
    stock = building.gather(read, places, Silent())
    rows: list[dict[str, Any]] = [row for funnel in stock.funnels for row in funnel.rows()]
    told = {row["reason"]: row["examples"] for row in rows if row["step"] != "validate"}
    return {reason: [re.sub(r": \w+( \d)?", "", one) for one in told[reason]] for reason in told}


def evaluation(root: Path, seed: int) -> Path:
    """A directory with a smaller picture of that drawing, beside a note."""
    jpeg = render({"data": svg(seed), "side_px": 448})["data"]
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    small = cv2.resize(pixels, (240, 240), interpolation=cv2.INTER_AREA)
    root.mkdir()
    (root / "README.md").write_text("An evaluation set.")
    (root / "one.png").write_bytes(pictures.encoded(".png", small))
    return root


def test_nothing_is_dropped_that_the_recipe_does_not_ask_for(places: Places) -> None:
    assert drops(places, "{}") == {}


def test_a_near_duplicate_is_dropped_against_the_first_and_said_so(places: Places) -> None:
    assert drops(places, "{near_pictures: true}") == {"nearly the same picture": ["c.svg = a.svg"]}


def test_an_evaluation_picture_is_kept_out_in_every_form(places: Places, tmp_path: Path) -> None:
    root = evaluation(tmp_path / "set", 1)
    said = drops(places, f"{{near_pictures: true, decontaminate_pictures: ['{root}']}}")
    file = root / "one.png"
    assert said == {"an evaluation picture": [f"a.svg = {file}", f"c.svg = {file}"]}


def test_a_set_that_grows_is_looked_at_again(places: Places, tmp_path: Path) -> None:
    root = evaluation(tmp_path / "set", 7)
    operators = f"{{decontaminate_pictures: ['{root}']}}"
    assert drops(places, operators) == {}
    (root / "two.png").write_bytes((evaluation(tmp_path / "other", 2) / "one.png").read_bytes())
    assert drops(places, operators) == {"an evaluation picture": [f"b.svg = {root / 'two.png'}"]}


def test_a_listed_file_that_is_no_picture_is_refused(places: Places, tmp_path: Path) -> None:
    root = evaluation(tmp_path / "set", 1)
    (root / "cut.jpg").write_bytes(pictures.jpeg(pictures.scene())[:400])
    with pytest.raises(UsageError, match="cut short"):
        drops(places, f"{{decontaminate_pictures: ['{root}']}}")


def test_a_set_that_is_not_there_or_empty_is_refused(places: Places, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no directory"):
        drops(places, f"{{decontaminate_pictures: ['{tmp_path / 'none'}']}}")
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="holds no picture"):
        drops(places, f"{{decontaminate_pictures: ['{tmp_path / 'none'}']}}")
