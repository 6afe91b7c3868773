from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.cli.main import main
from envs.recording import reader
from tests.envs.recording.script import STEPS, write_episode


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    write_episode(tmp_path)
    write_episode(tmp_path, episode_id="ep-2")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    code = main(["episode", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_list_names_every_episode(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = told(capsys, "list")
    assert (code, [row["episode"] for row in rows]) == (0, ["ep-1", "ep-2"])
    assert rows[0]["status"] == "completed"
    assert rows[0]["steps"] == STEPS
    assert main(["episode", "list"]) == 0
    assert "ep-2" in capsys.readouterr().out


def test_show_tells_each_step(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = told(capsys, "show", "ep-1")
    assert code == 0
    assert [step["action"] for step in shown["steps"]][:2] == ["click", "write"]
    assert main(["episode", "show", "ep-1"]) == 0
    assert "click" in capsys.readouterr().out


def test_an_unknown_episode_is_not_found(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = told(capsys, "show", "ep-3")
    assert (code, answer["error"]["kind"]) == (3, "not_found")


def test_verify_finds_a_flipped_byte(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = told(capsys, "verify", "--all")
    assert (code, report["whole"], report["steps"]) == (0, True, 2 * STEPS)
    blobs = reader.blobs_of(home / "recordings" / "ep-1")
    path = blobs.path(next(blobs.names()))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    code, report = told(capsys, "verify", "--all")
    assert (code, report["whole"]) == (1, False)
    assert main(["episode", "verify", "ep-1"]) == 1
    assert "was changed on disk" in capsys.readouterr().out


def test_verify_wants_one_episode_or_all(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "verify")[0] == 2
    assert told(capsys, "verify", "ep-1", "--all")[0] == 2


def test_a_directory_without_a_readable_log_is_listed_as_such(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "recordings" / "ep-1" / "log").write_bytes(b"junk" * 10)
    code, rows = told(capsys, "list")
    assert (code, rows[0]["status"]) == (0, "unreadable")
    assert told(capsys, "verify", "ep-1")[0] == 1


def test_a_step_is_shown_with_what_it_changed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, step = told(capsys, "show", "ep-1", "--step", "1")
    assert code == 0
    assert step["action"]["name"] == "write"
    assert step["counts"].keys() == {"appeared", "vanished", "changed"}
    assert len(step["changed"]) == step["counts"]["changed"]
    assert main(["episode", "show", "ep-1", "--step", "1"]) == 0
    assert "step 1: write" in capsys.readouterr().out
    code, answer = told(capsys, "show", "ep-1", "--step", "99")
    assert (code, answer["error"]["kind"]) == (3, "not_found")
