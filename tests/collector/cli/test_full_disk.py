"""A disk without room is an error with a hint, whatever the command was writing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.cli.main import main
from infra.errors import Unavailable


def test_a_full_disk_is_told_in_two_lines_and_as_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRAWL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FAIL_AT", "1+")
    assert main(["corpus", "build", "rl"]) == Unavailable.exit_code
    told = capsys.readouterr().err
    assert "error: no room is left on the disk" in told
    assert "hint: free some" in told
    assert main(["corpus", "build", "rl", "--json"]) == Unavailable.exit_code
    assert "no room" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_another_fault_of_the_system_is_not_taken_for_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRAWL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FAIL_AT", "1+")
    monkeypatch.setenv("FAIL_WITH", "EIO")
    with pytest.raises(OSError, match="wanted by FAIL_AT"):
        main(["corpus", "build", "rl"])
