"""Pages of data in a real browser, each with something to show: quiet, within their window, without barriers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from grounding.icons.build import build as build_icons
from infra.progress import Silent
from tests.collector.dash.looking import barriers, too_wide
from tests.collector.dash.pages.test_corpora import RECIPE
from tests.collector.dash.pages.test_runs import met
from tests.collector.dash.recorded import RUN, ran, recorded
from tests.grounding.icons.test_build import files

pytestmark = pytest.mark.browser


def first_id(path: Path) -> str:
    return str(json.loads(path.read_text().splitlines()[0])["id"])


@pytest.fixture
def paths(desk):
    """The address of every page of data, over a home that holds some of everything."""
    home = desk.settings.home
    recorded(desk, "ep-1", "ep-2")
    met(home, "ep-1")
    ran(desk, ("ep-1", "completed", ""), ("ep-2", "failed", "x" * 400), planned=4)
    build_icons(home, lambda: [files()], 1, Silent())
    places = Places(home, desk.settings.cache, 1, 0)
    root = building.build(recipe.parse(RECIPE, "r"), places, Silent()).root
    sample = first_id(root / "ledger.jsonl")
    icon = first_id(home / "samples" / "icons" / "icons.jsonl")
    return [
        "/runs", "/runs/new", f"/runs/{RUN}", f"/runs/{RUN}/graph", "/trajectories", "/trajectories/ep-1?step=1",
        "/grounding", "/grounding/icons", f"/grounding/icons/{icon}", "/grounding/kept",
        "/grounding/precision", "/grounding/like/ep-1-0000/save", "/corpora", "/corpora/own",
        "/corpora/own/shards", "/corpora/own/samples", f"/corpora/own/samples/{sample}", "/mixture",
        "/mixture?recipe=own",
    ]  # fmt: skip


def test_every_page_of_data_is_quiet_and_fits_its_window(page, paths):
    wide = []
    for path in paths:
        page.goto(path, wait_until="load")
        wide += [(path, width, by_px) for width, by_px in too_wide(page)]
    assert wide == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_data_stands_in_anybodys_way(page, paths, theme):
    page.emulate_media(color_scheme=theme)
    found = []
    for path in paths:
        page.goto(path, wait_until="load")
        found += [(path, barrier) for barrier in barriers(page)]
    assert found == []
