"""`trawl ground` and `trawl gallery` from the outside: one document, exit codes, figures."""

from __future__ import annotations

import json

import pytest

from collector.cli.main import main
from tests.grounding import episodes


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    return tmp_path


def document(capsys):
    return json.loads(capsys.readouterr().out)


def test_build_stats_and_gallery_each_answer_with_one_document(home, capsys):
    episodes.record(home)
    assert main(["ground", "build", "--json"]) == 0
    assert document(capsys)["kept_screens"] == 4
    assert main(["ground", "stats", "--json"]) == 0
    stats = document(capsys)
    assert stats["elements_per_screen"] == 4.0
    assert stats["dropped"] == {"container": 4}
    assert main(["gallery", "build", "--out", str(home / "page"), "--json"]) == 0
    assert document(capsys)["page"] == str(home / "page" / "index.html")
    assert (home / "page" / "index.html").is_file()


def test_stats_are_tables_for_people(home, capsys):
    episodes.record(home)
    main(["ground", "build"])
    assert main(["ground", "stats"]) == 0
    said = capsys.readouterr().out
    for words in ("elements dropped", "container", "applications", "platforms", "actions"):
        assert words in said


def test_stand_ins_need_a_word(home, capsys):
    episodes.record(home, env=episodes.stand_in())
    main(["ground", "build", "--json"])
    assert document(capsys)["refused"] == {"stand_in": 1}
    main(["ground", "build", "--allow-stand-ins", "--json"])
    assert document(capsys)["refused"] == {}


@pytest.mark.parametrize("words", [["ground", "stats"], ["gallery", "build", "--out", "x"]])
def test_before_a_build_it_says_what_to_do(home, capsys, words, monkeypatch):
    monkeypatch.chdir(home)
    assert main([*words, "--json"]) == 3
    assert document(capsys)["error"]["hint"] == "trawl ground build"
