"""Corpora: composition, drops, shards and lineage, read from what a corpus says of itself."""

from __future__ import annotations

import json
import shutil

import pytest

from collector.dash.pages import corpora as pages
from collector.views import holding
from collector.views import sample as samples
from corpus import beside, recipe
from corpus import build as building
from corpus.build import Places
from corpus.shards import manifest
from corpus.shards.read import sample_at
from infra.errors import Corrupt, NotFound
from infra.progress import Silent
from tests.collector.dash.recorded import recorded

RECIPE = b"""
name: own
budget_tokens: 100000
image_share: {max: 0.99}
quotas: [{by: language, of: fr, min: 0.0, max: 0.5}]
categories: {agent: {weight: 1, floor: 0.2}}
sources:
  screens: {category: agent, reader: grounding}
"""
HOSTILE = "<script>pwned()</script>"


@pytest.fixture
def root(desk):
    recorded(desk, "ep-1", "ep-2")
    places = Places(desk.settings.home, desk.settings.cache, 1, 0)
    return building.build(recipe.parse(RECIPE, "r"), places, Silent()).root


def test_before_any_build_the_page_says_what_to_do(served):
    with served.client() as peer:
        assert "trawl corpus build first" in peer.get("/corpora").text
        assert peer.get("/corpora/first").status_code == 404


def test_a_corpus_tells_what_it_holds_and_when_it_was_verified(desk, served, root):
    with served.client() as peer:
        page = peer.get("/corpora/own").text
        assert "not verified" in page
        assert "category agent" in page
        assert "trawl corpus verify own" in page
        beside.verified(root, 0, desk.clock.now_ns())
        assert "not verified" not in peer.get("/corpora/own").text
        assert manifest.seal(root) in page
        assert "shards/shard-000000.tar" in peer.get("/corpora/own/shards").text


def test_promises_are_held_against_what_was_made(root):
    stats, asked = json.loads((root / "stats.json").read_text()), recipe.parse(RECIPE, "r")
    told = {p["of"]: p for p in holding.promises(stats, asked.model_dump(mode="json"))}
    assert set(told) == {"category agent", "images", "language fr"}
    assert all(p["kept"] for p in told.values())
    stats["by_category"]["agent"]["share"] = 0.1
    missed = holding.promises(stats, asked.model_dump(mode="json"))
    assert [p["of"] for p in missed if not p["kept"]] == ["category agent"]


def test_drops_are_told_with_their_examples_and_hostile_ones_are_text(served, root, monkeypatch):
    stats = json.loads((root / "stats.json").read_text())
    stats["funnel"][0]["dropped"] = [
        {"category": "agent", "source": HOSTILE, "step": "filter", "reason": HOSTILE, "count": 7,
         "examples": [HOSTILE]}
    ]  # fmt: skip
    (root / "stats.json").write_text(json.dumps(stats))
    with served.client() as peer:
        page = peer.get("/corpora/own").text
        assert page.count("&lt;script&gt;pwned()") >= 3
        assert HOSTILE not in page


def test_samples_are_paged_in_order_and_each_tells_its_lineage(desk, served, root):
    home = desk.settings.home
    ids = [json.loads(line)["id"] for line in (root / "ledger.jsonl").read_text().splitlines()]
    seen, after = [], ""
    while True:
        found = samples.listed(home, "own", "agent-", after, most=3)
        seen += [row["id"] for row in found["rows"]]
        after = found["next"]
        if not after:
            break
    assert seen == ids
    with served.client() as peer:
        listed = peer.get("/corpora/own/samples").text
        assert ids[0] in listed
        page = peer.get(f"/corpora/own/samples/{ids[0]}").text
        assert "samples/agent" in page
        assert 'href="/trajectories/ep-' in page
        picture = page.partition('src="/pictures/corpora/own/')[2].partition('"')[0]
        assert peer.get(f"/pictures/corpora/own/{picture}").headers["content-type"] == "image/webp"
        assert peer.get("/corpora/own/samples/none-1").status_code == 404
        licence = page.partition("/licences/")[2].partition('"')[0]
        assert peer.get(f"/corpora/own/licences/{licence}").status_code == 200
        assert peer.get("/corpora/own/licences/..%2f..%2fstats.json").status_code in {404, 422}


def test_every_sample_is_found_in_its_shard_without_the_others(root):
    for line in (root / "ledger.jsonl").read_text().splitlines():
        entry = json.loads(line)
        assert sample_at(root, entry["shard"], entry["offset"]).record["id"] == entry["id"]


@pytest.mark.parametrize(
    ("shard", "offset", "error"),
    [
        ("../manifest.json", 0, NotFound), ("shards/shard-000009.tar", 0, Corrupt),
        ("shards/shard-000000.tar", 1, Corrupt), ("shards/shard-000000.tar", 1 << 40, Corrupt),
        ("shards/shard-000000.tar", -512, Corrupt),
    ],
)  # fmt: skip
def test_a_place_where_no_sample_begins_is_refused(root, shard, offset, error):
    with pytest.raises(error):
        sample_at(root, shard, offset)


def test_a_page_of_a_corpus_reads_no_file_that_grows_with_its_samples(desk, root, monkeypatch):
    grown = {"messages.jsonl", "ledger.jsonl", "manifest.json"}
    for name in grown:
        (root / name).unlink()
    told = holding.shown(desk.settings.home, "own")
    assert told["samples"] > 0
    assert pages._plots(told)


@pytest.mark.parametrize(
    ("file", "said"),
    [("stats.json", "{"), ("stats.json", "[]"), ("stats.json", "null"), ("stats.json", '{"samples": []}'),
     ("croissant.json", "{}"), ("licences_by_shard.json", '{"shards/shard-000000.tar": 1}'),
     ("manifest.sha256", None)],
)  # fmt: skip
def test_one_damaged_corpus_hides_no_other(desk, served, root, file, said):
    broken = desk.settings.home / "corpora" / "broken"
    shutil.copytree(root, broken)
    (broken / file).unlink() if said is None else (broken / file).write_text(said)
    with served.client() as peer:
        page = peer.get("/corpora").text
        assert "cannot be read" in page
        assert 'href="/corpora/own"' in page
        refused = peer.get("/corpora/broken")
        assert (refused.status_code, refused.json()["error"]["kind"]) == (500, "corrupt")
        assert "trawl corpus" in refused.json()["error"]["hint"]
