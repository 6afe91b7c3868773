"""Fault 10: somebody holds the database for a while; who wants to write waits, and then succeeds."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.store import Store, events, runs
from infra.store.backend import Busy
from tests.collector.fleet.trawl import Trawl

FLEET = '[pools.fake]\nkind = "fake"\ncount = 2\n'


@pytest.fixture
def trawl(tmp_path: Path) -> Iterator[Trawl]:
    trawl = Trawl(tmp_path, FLEET)
    yield trawl
    trawl("fleet", "down")


@contextmanager
def held(trawl: Trawl) -> Iterator[sqlite3.Connection]:
    """The database locked against every other writer, by a process that is none of ours."""
    connection = sqlite3.connect(trawl.home / "trawl.db", isolation_level=None, timeout=60)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield connection
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def asked(trawl: Trawl, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        trawl.command(*words, "--json"), env=trawl.environ, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_requests_wait_while_the_database_is_held_and_then_succeed(trawl: Trawl) -> None:
    trawl.up()
    words = ("run", "submit", "--pool", "fake", "--episodes", "2", "--steps", "2")
    with held(trawl):
        waiting = [asked(trawl, *words) for _ in range(3)]
        for process in waiting:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=1.5)
        assert trawl("fleet", "status")["controller"] == "up", "who only reads does not wait"
    submitted = {json.loads(process.communicate(timeout=60)[0])["run"] for process in waiting}
    assert {process.returncode for process in waiting} == {0}
    with trawl.store() as store, store.read() as tx:
        assert {run.id for run in runs.listed(tx)} == submitted
    for run in submitted:
        done = trawl("run", "follow", run)
        assert (done["status"], done["steps"]) == ("completed", 4)


def test_a_run_goes_on_after_the_database_was_held_and_loses_no_step(trawl: Trawl) -> None:
    trawl.up()
    run = trawl("run", "submit", "--pool", "fake", "--episodes", "2", "--steps", "20")["run"]
    trawl.until(run, lambda shown: shown["steps"] > 2)
    with held(trawl):
        waiting = asked(trawl, "run", "cancel", "run-none")
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=2)
    assert json.loads(waiting.communicate(timeout=60)[0])["error"]["kind"] == "not_found"
    done = trawl("run", "follow", run)
    assert (done["status"], done["steps"]) == ("completed", 40)
    with trawl.store() as store, store.read() as tx:
        steps = [e for e in events.after(tx, 0, 10_000, subject=run) if e.kind == "step.committed"]
    counted = [(e.payload["number"], e.payload["steps"]) for e in steps]
    assert sorted(counted) == [(number, step) for number in range(2) for step in range(1, 21)]


def test_who_gives_up_waiting_is_told_and_counted(trawl: Trawl) -> None:
    trawl.up()
    with Store(trawl.home / "trawl.db", busy_timeout_s=0.1) as store:
        with held(trawl), pytest.raises(Busy, match="busy"), store.write():
            pytest.fail("nobody else writes now")
        assert store.busy == 1
        with store.write() as tx:
            events.add(tx, 1, "odd", "mine")
