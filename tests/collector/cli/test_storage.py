"""Commands that read from a shared storage, or put episodes there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.cli.main import main
from infra.settings import load, origins
from infra.store import open_store, published
from tests.envs.recording.script import STEPS, write_episode

SECRET = "s3cretpassw0rd"


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A storage with two episodes of a home that is not ours."""
    monkeypatch.setenv("TRAWL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TRAWL_STORAGE", f"file://{tmp_path}/shared")
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "maker"))
    for name in ("ep-1", "ep-2"):
        write_episode(tmp_path / "maker", episode_id=name)
    assert main(["episode", "publish", "--all"]) == 0
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "reader"))
    return tmp_path / "shared"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    capsys.readouterr()
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def flip(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def a_blob(shared: Path) -> Path:
    return next(iter(sorted((shared / "blobs").glob("*/*"))))


def test_publishing_tells_how_much_is_there_and_is_indexed(
    shared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(shared.parent / "maker"))
    code, rows = told(capsys, "episode", "publish", "--all")
    assert (code, [row["episode"] for row in rows]) == (0, ["ep-1", "ep-2"])
    with open_store(load()) as store, store.read() as tx:
        assert [p.recording for p in published.listed(tx, f"file://{shared}")] == ["ep-1", "ep-2"]


@pytest.mark.parametrize("place", ["storage", "url", "directory"])
def test_list_and_show_take_a_storage_or_a_directory(
    shared: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    place = {"url": f"file://{shared}", "directory": str(shared)}.get(place, place)
    code, rows = told(capsys, "episode", "list", "--from", place)
    assert (code, [row["episode"] for row in rows]) == (0, ["ep-1", "ep-2"])
    code, shown = told(capsys, "episode", "show", "ep-2", "--from", place)
    assert (code, len(shown["steps"])) == (0, STEPS)
    code, answer = told(capsys, "episode", "show", "ep-22", "--from", place)
    assert (code, answer["error"]["kind"]) == (3, "not_found")
    assert "did you mean 'ep-2'?" in answer["error"]["hint"]


def test_a_flipped_byte_is_found_though_the_cache_has_the_right_one(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "ground", "build", "--allow-stand-ins", "--from", "storage")[0] == 0
    assert told(capsys, "episode", "verify", "--all", "--from", "storage")[1]["whole"] is True
    flip(a_blob(shared))
    code, report = told(capsys, "episode", "verify", "--all", "--from", "storage")
    assert (code, report["whole"]) == (1, False)
    assert "was changed on file://" in json.dumps(report)


def test_publishing_again_mends_what_differs(
    shared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(a_blob(shared))
    flip(shared / "recordings" / "ep-1" / "log")
    (shared / "episodes" / "ep-2.json").write_text("{")
    assert told(capsys, "episode", "verify", "--all", "--from", "storage")[0] == 1
    monkeypatch.setenv("TRAWL_HOME", str(shared.parent / "maker"))
    assert told(capsys, "episode", "publish", "--all")[0] == 0
    assert told(capsys, "episode", "verify", "--all", "--from", "storage")[0] == 0


def test_a_build_leaves_out_what_the_storage_has_changed_and_says_so(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flip(shared / "recordings" / "ep-1" / "log")
    capsys.readouterr()
    assert main(["ground", "build", "--allow-stand-ins", "--from", "storage", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["recordings"] == 1
    assert "left out: the log of ep-1 was changed" in said.err


def test_an_episode_that_was_taken_away_there_is_not_built_here(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = ("ground", "build", "--allow-stand-ins", "--from", "storage")
    assert told(capsys, *build)[1]["recordings"] == 2
    (shared / "episodes" / "ep-1.json").unlink()
    assert told(capsys, *build)[1]["recordings"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (("list", "--from", "/no/such/home"), 3, "not_found"),
        (("list", "--from", "nosuchkind://x"), 2, "usage"),
        (("list", "--from", "s3://bucket/x"), 5, "unavailable"),
        (("publish",), 2, "usage"),
    ],
)
def test_a_place_that_is_none_is_refused(
    shared: Path, capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...], code: int, kind: str,
) -> None:  # fmt: skip
    found, answer = told(capsys, "episode", *arguments)
    assert (found, answer["error"]["kind"]) == (code, kind)


def test_where_no_storage_is_configured_that_is_said(
    shared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAWL_STORAGE", "")
    for words in (("list", "--from", "storage"), ("publish", "--all")):
        code, answer = told(capsys, "episode", *words)
        assert (code, answer["error"]["hint"]) == (2, "set TRAWL_STORAGE")


def test_credentials_of_a_storage_are_not_shown(
    shared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAWL_STORAGE", f"nosuchkind://me:{SECRET}@host/x?key={SECRET}")
    assert main(["config", "show", "--json"]) == 0
    assert main(["episode", "list", "--from", "storage"]) == 2
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    assert origins(load())["storage"] == "TRAWL_STORAGE"


def test_a_bare_path_is_no_storage(
    shared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAWL_STORAGE", "/srv/trawl")
    code, answer = told(capsys, "config", "show")
    assert (code, answer["error"]["subject"]) == (2, "storage")
    assert "file:///srv/trawl" in answer["error"]["message"]
