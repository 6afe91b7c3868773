"""The queue of kept elements, from real samples: each look once, the same order everywhere."""

from __future__ import annotations

import pytest

from collector.dash.annotation import grounding
from collector.dash.annotation.grounding import AROUND_PX, Boxes
from envs.types import Box
from grounding.build import directory
from grounding.samples import read_lines
from infra.errors import Corrupt, NotFound
from tests.collector.dash.recorded import recorded


@pytest.fixture
def home(desk):
    recorded(desk, "ep-1", "ep-2")
    return desk.settings.home


def records(home):
    return list(read_lines(directory(home) / "grounding.jsonl"))


def test_where_nothing_was_built_nobody_is_asked_anything(desk):
    assert Boxes().subjects(desk.settings.home) == ()
    with pytest.raises(NotFound, match="not among the samples"):
        Boxes().card(desk.settings.home, "ep-1-0000#save")


def test_each_look_of_an_element_is_asked_about_once(home):
    subjects = Boxes().subjects(home)
    cards = [Boxes().card(home, subject) for subject in subjects]
    looks = [(c.name, c.facts) for c in cards]
    assert len(set(looks)) == len(looks) > 3
    kept = {(e["name"], e["role"].replace("-", " ")) for r in records(home) for e in r["elements"]}
    assert {(c.name, dict(c.facts)["Role"]) for c in cards} == kept
    assert (
        subjects
        == Boxes().subjects(home)
        == grounding._drawn.__wrapped__(directory(home) / "grounding.jsonl")
    )


def test_a_card_shows_the_element_where_it_is_with_what_is_around_it(home):
    for subject in Boxes().subjects(home):
        card = Boxes().card(home, subject)
        sample, element_id = subject.split("#", 1)
        (record,) = [r for r in records(home) if r["id"] == sample]
        (element,) = [e for e in record["elements"] if e["id"] == element_id]
        said = card.picture.removeprefix("/pictures/crops/").removesuffix(".webp")
        sha256, size, corners = said.split("-")
        left, top, right, bottom = (int(c) for c in corners.split("."))
        assert (sha256, size) == (record["image"], "x".join(map(str, record["image_size"])))
        assert card.size == (right - left, bottom - top)
        box = card.box
        assert [box.left + left, box.top + top, box.right + left, box.bottom + top] == element[
            "bbox_px"]  # fmt: skip
        whole = Box(0, 0, *record["image_size"])
        assert left == max(whole.left, element["bbox_px"][0] - AROUND_PX)


def test_a_large_file_is_read_in_parts_that_lie_evenly(home, monkeypatch):
    path = directory(home) / "grounding.jsonl"
    whole = {record["id"] for record in grounding._records(path)}
    assert whole == {r["id"] for r in records(home)}
    monkeypatch.setattr(grounding, "PART_BYTES", 10)
    monkeypatch.setattr(grounding, "PARTS", 3)
    some = [record["id"] for record in grounding._records(path)]
    assert 0 < len(some) == len(set(some)) <= 3
    assert set(some) <= whole


def test_a_file_that_was_changed_is_said_to_be(home):
    path = directory(home) / "grounding.jsonl"
    path.write_bytes(path.read_bytes() + b"{\n")
    with pytest.raises(Corrupt, match="was changed"):
        Boxes().subjects(home)


@pytest.mark.parametrize("subject", ["", "#", "ep-1-0000", "ep-1-0000#nothing", "zz#save"])
def test_what_was_not_kept_has_no_card(home, subject):
    with pytest.raises(NotFound):
        Boxes().card(home, subject)
