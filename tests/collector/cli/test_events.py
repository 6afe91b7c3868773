"""`trawl events tail`: the log of what happened, filtered, followed, and safe to look at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.cli.main import main
from infra.store import Store, events
from tests.house.source import ROOT

Say = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    return Store(tmp_path / "trawl.db")


def add(store: Store, kind: str, subject: str = "u-1", reason: str = "", **payload: object) -> None:
    with store.write() as tx:
        events.add(tx, 1_700_000_000_000_000_000, kind, subject, reason, **payload)


def told(capsys: Say, *words: str) -> list[dict]:
    assert main(["events", "tail", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["events"]


def test_the_last_events_come_oldest_first(store: Store, capsys: Say) -> None:
    for number in range(30):
        add(store, "made", number=number)
    assert [e["payload"]["number"] for e in told(capsys)] == list(range(10, 30))
    assert [e["payload"]["number"] for e in told(capsys, "--last", "2")] == [28, 29]
    assert told(capsys, "--last", "0") == []


def test_events_are_chosen_by_subject_and_by_kind(store: Store, capsys: Say) -> None:
    add(store, "lease.acquired", "u-1")
    add(store, "lease.released", "u-2")
    add(store, "leases", "u-2")
    add(store, "lease%", "u-2")
    assert [e["kind"] for e in told(capsys, "--subject", "u-1")] == ["lease.acquired"]
    assert [e["kind"] for e in told(capsys, "--kind", "lease")] == [
        "lease.acquired",
        "lease.released",
    ]
    assert [e["subject"] for e in told(capsys, "--kind", "lease.released")] == ["u-2"]
    assert told(capsys, "--kind", "lease", "--subject", "u-9") == []
    assert told(capsys, "--kind", "le%") == []


def test_an_event_is_one_line_that_steers_nothing(store: Store, capsys: Say) -> None:
    add(store, "made", "u-1", "\x1b[2Jgone\nerror: forged", title="\x1b]0;owned\x07")
    assert main(["events", "tail"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("2023-11-14 22:13:20  made")
    assert said.count("\n") == 1
    assert not set(said) & set("\x1b\x07")


def test_json_lines_are_one_faithful_object_a_line(store: Store, capsys: Say) -> None:
    add(store, "made", "u-1", "\x1b[2J\nx", title="设置")
    add(store, "gone")
    assert main(["events", "tail", "--jsonl"]) == 0
    said = capsys.readouterr().out
    assert said.isascii()
    first, second = map(json.loads, said.splitlines())
    assert (first["reason"], first["payload"]) == ("\x1b[2J\nx", {"title": "设置"})
    assert second["kind"] == "gone"


def test_one_document_does_not_go_on(store: Store, capsys: Say) -> None:
    assert main(["events", "tail", "--follow", "--json"]) == 2
    assert "--jsonl" in capsys.readouterr().out


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_following_shows_each_event_once_until_ctrl_c(
    where: str, tmp_path: Path, database: Callable[[], str]
) -> None:
    address = "" if where == "sqlite" else database()
    store = Store(address or tmp_path / "trawl.db")
    add(store, "before")
    with subprocess.Popen(
        [sys.executable, "-m", "collector", "events", "tail", "--follow", "--jsonl"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TRAWL_HOME": str(tmp_path), "TRAWL_DATABASE": address},
    ) as follower:
        assert follower.stdout is not None
        seen = [json.loads(follower.stdout.readline())["kind"]]
        for kind in ("one", "two"):
            add(store, kind)
            seen.append(json.loads(follower.stdout.readline())["kind"])
        follower.send_signal(signal.SIGINT)
        assert follower.stdout.read() == ""
        assert follower.wait(60) == 130
    store.close()
    assert seen == ["before", "one", "two"]
