"""What lies beside a corpus: when it was verified, what was planned, and never in the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.cli.main import main
from corpus import beside, recipe
from corpus import build as building
from corpus.build import Places
from corpus.shards import manifest
from grounding.build import build
from infra.progress import Silent
from tests.grounding import episodes

RECIPE = """
name: own
budget_tokens: 100000
categories: {agent: {weight: 1}}
sources:
  screens: {category: agent, reader: grounding}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRAWL_CACHE", str(tmp_path / "cache"))
    episodes.record(tmp_path / "home")
    build(tmp_path / "home", Silent())
    (tmp_path / "own.yaml").write_text(RECIPE)
    return tmp_path / "home"


def built(home: Path) -> Path:
    places = Places(home, home.parent / "cache", 1, 0)
    return building.build(recipe.load(home.parent / "own.yaml"), places, Silent()).root


def test_a_corpus_that_was_verified_says_when_until_it_is_built_anew(home: Path) -> None:
    root = built(home)
    assert beside.last_verified(root) is None
    assert main(["corpus", "verify", "own", "--json"]) == 0
    said = beside.last_verified(root)
    assert said is not None
    assert said["faults"] == 0
    (home.parent / "own.yaml").write_text(RECIPE + "seed: 2\n")
    built(home)
    assert beside.last_verified(root) is None


def test_a_fault_is_remembered_and_the_note_is_no_part_of_the_corpus(home: Path) -> None:
    root = built(home)
    (root / "messages.jsonl").write_bytes(b"{}\n")
    assert main(["corpus", "verify", "own", "--json"]) == 1
    said = beside.last_verified(root)
    assert said is not None
    assert said["faults"] == 1
    assert [fault.path for fault in manifest.verify(root, Silent())] == ["messages.jsonl"]


def test_what_was_planned_last_can_be_read_without_planning(home: Path) -> None:
    assert beside.plans(home / "corpora") == []
    assert main(["corpus", "plan", str(home.parent / "own.yaml"), "--json"]) == 0
    assert beside.plans(home / "corpora") == ["own"]
    note = beside.last_plan(home / "corpora", "own")
    assert note is not None
    assert [row["source"] for row in note["plan"]["sources"]] == ["screens"]
    assert note["recipe"]["name"] == "own"


def test_a_disk_that_takes_no_note_lets_a_corpus_be_verified(home: Path) -> None:
    root = built(home)
    root.parent.chmod(0o500)
    try:
        assert main(["corpus", "verify", "own", "--json"]) == 0
    finally:
        root.parent.chmod(0o700)
    assert beside.last_verified(root) is None
