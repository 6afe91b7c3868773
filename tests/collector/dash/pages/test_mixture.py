"""The mixture plan: recipes with their last plan, which nobody who looks has to wait for."""

from __future__ import annotations

import pytest

from corpus import beside, recipe

PLAN = {
    "budget_tokens": 5_000_000, "planned_tokens": 10, "samples": 3, "disk_bytes": 1 << 20,
    "sources": [{"source": "screens", "category": "agent", "available_tokens": 20,
                 "planned_tokens": 10, "share": 1.0, "exhausted": True}],
    "binds": ["<b>a promise</b>"], "notes": [],
}  # fmt: skip


def test_a_recipe_that_was_never_planned_says_how_to(served):
    with served.client() as peer:
        page = peer.get("/mixture").text
        assert "trawl corpus plan first" in page
        assert "pretraining" in page


def test_the_last_plan_is_shown_and_an_older_one_says_so(desk, served):
    first = recipe.load(recipe.shipped()["first"])
    beside.planned(desk.settings.home / "corpora", first, PLAN, desk.clock.now_ns())
    with served.client() as peer:
        page = peer.get("/mixture?recipe=first").text
        assert "&lt;b&gt;a promise&lt;/b&gt;" in page
        assert "was changed since" not in page
        other = first.model_copy(update={"seed": 99})
        beside.planned(desk.settings.home / "corpora", other, PLAN, desk.clock.now_ns())
        assert "was changed since" in peer.get("/mixture?recipe=first").text


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "README.md", "none"])
def test_a_recipe_is_known_by_its_name_and_never_by_a_path(served, name):
    with served.client() as peer:
        assert peer.get("/mixture", params={"recipe": name}).status_code == 404
