"""A corpus says of itself what it holds, in words that others read and a page that is safe to open."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from collector.cli.main import main
from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.describe import croissant, licences, page
from corpus.describe.diff import diff
from corpus.shards import manifest
from infra.errors import NotFound
from infra.progress import Silent
from tests.corpus.test_build import RECIPE, stock
from tests.peers import ask


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    root = tmp_path_factory.mktemp("described")
    stock(root / "home", root / "cache")
    return Places(root / "home", root / "cache", 1, 0)


@pytest.fixture(scope="module")
def corpus(places: Places) -> Path:
    return building.build(recipe.parse(RECIPE.encode(), "r"), places, Silent()).root


@pytest.fixture(scope="module")
def smaller(places: Places, corpus: Path) -> Path:
    text = RECIPE.replace("name: small", "name: smaller").replace("60000", "20000")
    return building.build(recipe.parse(text.encode(), "r"), places, Silent()).root


def entries(root: Path) -> dict[str, dict[str, Any]]:
    lines = map(json.loads, (root / "ledger.jsonl").read_bytes().splitlines())
    return {entry["id"]: entry for entry in lines}


def test_mlcroissant_loads_every_sample_and_has_nothing_against_it_but_the_missing_date(
    corpus: Path,
) -> None:
    answer = ask("croissant", path=str(corpus / croissant.NAME))
    rows = [json.loads(line) for line in (corpus / "messages.jsonl").read_bytes().splitlines()]
    assert answer["rows"] == [
        {
            **{name: value for name, value in row.items() if name not in {"messages", "traits"}},
            "roles": [turn["role"] for turn in row["messages"]],
            "contents": [turn["content"] for turn in row["messages"]],
        }
        for row in rows
    ]
    assert all("datePublished" in line for line in answer["said"]), answer["said"]
    stated = manifest.read(corpus)["files"]
    named = [name for name in stated if name.endswith(".tar") or name == "messages.jsonl"]
    assert answer["files"] == {
        name: [stated[name]["sha256"], f"{stated[name]['bytes']} B"] for name in named
    }


def test_licences_are_counted_for_each_shard(corpus: Path) -> None:
    told = json.loads((corpus / licences.NAME).read_bytes())
    assert set(told) == {n for n in manifest.read(corpus)["files"] if n.endswith(".tar")}
    counts = Counter(
        (entry["shard"], entry["licence"]["name"] or entry["licence"]["text"])
        for entry in entries(corpus).values()
    )
    assert {(s, name): n for s, rows in told.items() for name, n in rows.items()} == counts


def test_a_corpus_differs_from_itself_in_nothing(corpus: Path) -> None:
    assert {row.kind for row in diff(corpus, corpus)} == {"stayed"}


def test_what_entered_left_and_moved_is_counted_by_source(corpus: Path, smaller: Path) -> None:
    old, new = entries(corpus), entries(smaller)
    rows = diff(corpus, smaller)
    for kind, ids in (("left", set(old) - set(new)), ("entered", set(new) - set(old))):
        mine = [row for row in rows if row.kind == kind]
        assert sum(row.samples for row in mine) == len(ids)
        assert {i for row in mine for i in row.examples} <= ids
        both = {**old, **new}
        assert sum(row.text_tokens for row in mine) == sum(both[i]["text_tokens"] for i in ids)
    assert sum(r.samples for r in rows) == len(set(old) | set(new))
    assert any(row.kind == "moved" for row in rows)
    assert not any(row.kind == "changed" for row in rows)
    back = {(r.kind, r.source): r.samples for r in diff(smaller, corpus)}
    swapped = {"left": "entered", "entered": "left"}
    assert back == {(swapped.get(r.kind, r.kind), r.source): r.samples for r in rows}


def test_a_sample_with_other_content_is_changed_not_moved(corpus: Path, tmp_path: Path) -> None:
    other = shutil.copytree(corpus, tmp_path / "other")
    lines = (other / "ledger.jsonl").read_text().splitlines(keepends=True)
    entry = json.loads(lines[0])
    lines[0] = json.dumps({**entry, "text_tokens": entry["text_tokens"] + 1}) + "\n"
    (other / "ledger.jsonl").write_text("".join(lines))
    (changed,) = [row for row in diff(corpus, other) if row.kind != "stayed"]
    assert (changed.kind, changed.samples, changed.examples) == ("changed", 1, [entry["id"]])


def test_the_command_tells_the_difference(
    corpus: Path, smaller: Path, places: Places,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("TRAWL_HOME", str(places.home))
    assert main(["corpus", "diff", "small", "smaller", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]
    assert main(["corpus", "diff", "small", "none", "--json"]) == NotFound.exit_code
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "not_found"


HOSTILE = "<script>alert(1)</script>\"&'<img src=http://example.org/x onerror=1>"


def test_nothing_that_stands_in_the_statistics_becomes_part_of_the_page(corpus: Path) -> None:
    stats = json.loads((corpus / "stats.json").read_bytes())
    row = next(iter(stats["by_source"].values()))
    for name in ("category", "language", "licence", "source", "length", "resolution"):
        stats[f"by_{name}"][HOSTILE] = row
    stats["plan"]["sources"][0] |= {"source": HOSTILE, "category": HOSTILE}
    stats["plan"]["notes"].append(HOSTILE)
    stats["funnel"][0]["dropped"].append(
        {"category": "", "source": HOSTILE, "step": HOSTILE, "reason": HOSTILE, "count": 1, "examples": [HOSTILE]}
    )  # fmt: skip
    drawn = page.html(HOSTILE, stats)
    assert drawn.count("&lt;script&gt;") > 8
    assert "<script" not in drawn
    assert "<img" not in drawn


def test_the_page_fetches_nothing_and_tells_every_source_and_drop(corpus: Path) -> None:
    drawn = (corpus / page.NAME).read_text()
    assert not re.search(r"(src|href|url)\s*[=(]", drawn)
    assert "default-src 'none'" in drawn
    stats = json.loads((corpus / "stats.json").read_bytes())
    for source in stats["by_source"]:
        assert f"<td>{source}" in drawn
    for funnel in stats["funnel"]:
        for row in funnel["dropped"]:
            assert row["reason"].replace("'", "&#39;") in drawn
