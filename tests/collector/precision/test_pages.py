"""Elements of pages are compared with what Chromium itself has."""

from __future__ import annotations

import random

import pytest

from collector.precision import pages
from envs.types import Box
from envs.web.accessible import Spoken
from grounding.scene import Scene
from infra.progress import Silent
from tests.grounding.desk import SHOWN, element, observation

THERE = (40.4, 40.0, 120.0, 69.6)


def judged(box, *spoken, name="Save", **more):
    scene = Scene(observation(element("b", "button", box, name, **more), source="dom"))
    return pages._judged(scene.nodes["b"], spoken, "")


@pytest.mark.parametrize(
    ("box", "agrees"),
    [((40, 40, 120, 70), True), ((42, 40, 120, 70), True), ((43, 40, 120, 70), False)],
)
def test_it_agrees_where_the_same_name_lies_within_two_pixels(box, agrees):
    assert judged(box, Spoken("button", "Save", THERE)).agrees is agrees
    assert not judged(box, Spoken("button", "Open", THERE)).agrees


def test_what_the_page_clips_may_reach_further_there():
    wide = Spoken("text", "Save", (40.0, 40.0, 400.0, 70.0))
    clipped = SHOWN | {"clipped"}
    assert judged((40, 40, 120, 70), wide, states=clipped).agrees
    assert not judged((40, 40, 120, 70), wide).agrees
    assert not judged((30, 40, 120, 70), wide, states=clipped).agrees


def test_a_name_that_was_cut_is_compared_as_far_as_it_goes():
    words = "many words " * 40
    place = Spoken("text", words, THERE)
    assert judged((40, 40, 120, 70), place, name=words[:300]).agrees
    assert not judged((40, 40, 120, 70), place, name="many words").agrees


def test_the_figures_name_kept_elements_that_are_elsewhere():
    box = Box(1, 2, 3, 4)
    right = pages.Compared("shop", "link", "Cart", box, "", agrees=True, says="")
    wrong = pages.Compared("shop", "link", "Help", box, "", agrees=False, says="link [9, 9, 9, 9]")
    behind = pages.Compared("shop", "link", "Old", box, "occluded", agrees=False, says="")
    told = pages.as_record([right, wrong, behind], 1)
    assert (told["after"]["share"], told["dropped"]["agreed"]) == (0.5, 0)
    assert told["before"]["count"] == 3
    assert [one["name"] for one in told["disagreements"]] == ["Help"]


@pytest.mark.browser
def test_chromium_has_nearly_all_of_a_page_where_we_have_it():
    told = pages.as_record(list(pages.compared(2, random.Random(3), Silent())), 2)
    assert told["after"]["count"] >= 40
    assert told["after"]["share"] >= 0.98, told["disagreements"]
