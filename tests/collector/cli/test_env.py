"""`trawl env` lists kinds, checks one, and says in its exit code what came of it."""

from __future__ import annotations

import json

import pytest

from collector.cli.main import main


def test_list_names_the_built_in_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "list", "--json"]) == 0
    kinds = {row["name"] for row in json.loads(capsys.readouterr().out)["envs"]}
    assert {"fake", "ubuntu", "web"} <= kinds


def test_check_is_green_for_the_fake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "check", "fake", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is True
    assert report["counts"]["failed"] == 0


def test_check_fails_for_a_faulty_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "check", "fake", "--set", "faults=wrong-size", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    failed = [c["name"] for c in report["checks"] if c["outcome"] == "failed"]
    assert failed == ["screen_has_the_declared_size"]


def test_an_unknown_kind_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "check", "ubunto", "--json"]) == 3
    assert "ubuntu" in json.loads(capsys.readouterr().out)["error"]["hint"]


def test_a_malformed_setting_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "check", "fake", "--set", "nonsense", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "usage"
