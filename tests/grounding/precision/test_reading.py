"""Boxes are read by a real engine, beside perfect crops of the same names."""

from __future__ import annotations

import random

import numpy as np
import pytest

from envs.types import Box
from grounding.precision import lots, perfect, reading, rule
from grounding.precision.engines import Engines
from infra.progress import Silent

GREY = np.full((24, 160, 3), (240, 240, 240), np.uint8)
GREY[10:14, 10:14] = (20, 20, 20)


@pytest.fixture(scope="module")
def engines() -> Engines:
    return Engines()


def drawn(name, pixels, program="editor", reason=""):
    height, width, _ = pixels.shape
    box = Box(0, 0, width, height)
    return lots.Drawn("ep-1", 0, program, "gtk", name, "button", name, reason, box, pixels, "", 1.0)


def shown(name, size_px=14.0):
    return perfect.crop(name, "DejaVu Sans", size_px, GREY)


@pytest.mark.parametrize("name", ["Save As Copy", "文件管理器", "Créer un dossier", "שמירה בשם"])
def test_a_perfect_crop_is_read_in_every_script(engines, name):
    said = [s.text for s in engines.of(rule.script(name) or "").read(shown(name))]
    assert rule.agrees(name, said), said


def test_lines_are_read_from_the_top_each_from_the_left(engines):
    page = np.full((80, 400, 3), 240, np.uint8)
    for text, (left, top) in {"north": (10, 4), "east": (250, 6), "south": (120, 50)}.items():
        crop = shown(text)
        page[top : top + crop.shape[0], left : left + crop.shape[1]] = crop
    assert [s.text.strip() for s in engines.of("latin").read(page)] == ["north", "east", "south"]


def test_a_perfect_crop_is_as_wide_as_the_name_was_read():
    size_px = perfect.size_of("Preferences", "DejaVu Sans", 88.0)
    assert shown("Preferences", size_px).shape[1] == pytest.approx(88, abs=9)


def test_the_figures_count_boxes_perfect_crops_and_what_only_begins():
    urn = lots.Urn(screens=1)
    urn.kept["editor"] = [drawn("Save the file", shown("Save the file"))]
    urn.kept["panel"] = [drawn("Application Finder", shown("Application F…"))]
    urn.kept["mail"] = [drawn("Send the letter", shown("Nothing at all"))]
    urn.dropped["mail"] = [drawn("Another one", shown("Elsewhere"), reason="occluded")]
    urn.excluded["short"] = 1
    told = reading.read(urn, 10, random.Random(1), Silent()).as_record()
    assert told["after"] == {"count": 2, "agreed": 1, "share": 0.5}
    assert told["dropped"]["agreed"] == 0
    assert told["before"]["share"] == 0.375
    assert (told["ceiling"], told["gap"], told["elided"]) == (1.0, 0.5, 1)
    assert told["excluded_share"] == 0.25
    assert [row["name"] for row in told["disagreements"]] == ["Send the letter"]


def test_a_beginning_without_dots_is_elided_only_where_the_whole_does_not_fit_in_the_box():
    for width, elided in ((shown("Application").shape[1], 1), (400, 0)):
        box = np.full((30, width, 3), shown("x")[0, 0], np.uint8)
        name = shown("Application")
        box[: name.shape[0], : name.shape[1]] = name
        urn = lots.Urn(screens=1)
        urn.kept["panel"] = [drawn("Application Finder", box)]
        told = reading.read(urn, 1, random.Random(1), Silent()).as_record()
        assert (told["elided"], told["after"]["count"]) == (elided, 1 - elided)


def test_the_worst_program_is_one_with_enough_readings():
    few = {"program": "few", "count": reading.FEWEST - 1, "share": 0.1}
    many = {"program": "many", "count": reading.FEWEST, "share": 0.9}
    best = {"program": "best", "count": reading.FEWEST, "share": 1.0}
    assert reading.worst({"programs": [few, many, best]}) == many
    assert reading.worst({"programs": [few]}) is None


def test_lots_take_from_each_program_in_turn():
    taken = lots.evenly({"a": list("aaaaaa"), "b": list("bb")}, 5, random.Random(1))
    assert sorted(taken) == list("aaabb")
