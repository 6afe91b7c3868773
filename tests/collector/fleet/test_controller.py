"""The controller as a real process over fake machines: runs, cancels, dies, is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from envs.recording.reader import read
from envs.recording.verify import Verifier
from infra.files import exclusive
from tests.collector.fleet.trawl import Trawl

FLEET = '[pools.fake]\nkind = "fake"\ncount = 2\n'


@pytest.fixture
def trawl(tmp_path):
    trawl = Trawl(tmp_path, FLEET)
    yield trawl
    trawl("fleet", "down")
    with exclusive(tmp_path / "run" / "controller.lock", "the controller"):
        assert not (tmp_path / "run" / "controller.sock").exists()


def running(pid):
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def recordings(trawl):
    return sorted((trawl.home / "recordings").iterdir())


def test_a_run_is_recorded_on_replaced_machines_and_down_leaves_nothing(trawl):
    before = trawl.up()
    assert before["pools"][0]["states"]["PARKED"] == 2
    assert trawl.up() == before, "twice is the same as once"
    done = trawl("run", "submit", "--pool", "fake", "--episodes", "3", "--steps", "3", "--follow")
    assert (done["status"], done["steps"]) == ("completed", 9)
    used = [e["machine"] for e in done["episodes"]]
    assert len(set(used)) == 3
    for directory in recordings(trawl):
        assert read(directory).close.status == "completed"
        assert len(read(directory).steps) == 3


def test_unknown_pools_and_explorers_are_refused_by_name(trawl):
    trawl.up()
    error = trawl("run", "submit", "--pool", "fakee", code=3)["error"]
    assert "fake" in error["hint"]
    assert "walk" in trawl("run", "submit", "--pool", "fake", "--explorer", "walc", code=3)[
        "error"]["hint"]  # fmt: skip


def test_a_cancelled_run_closes_its_episodes_as_interrupted(trawl):
    trawl.up()
    run = trawl("run", "submit", "--pool", "fake", "--episodes", "4", "--steps", "500")["run"]
    trawl.until(run, lambda r: r["steps"] > 2)
    trawl("run", "cancel", run)
    ended = trawl.until(run, lambda r: r["status"] == "cancelled")
    assert {e.status for e in ended["episodes"]} == {"interrupted"}
    assert {read(d).close.status for d in recordings(trawl)} == {"interrupted"}


def test_ctrl_c_detaches_and_attached_cancels(trawl):
    trawl.up()
    known = ""
    words = ("run", "submit", "--pool", "fake", "--episodes", "1", "--steps", "500", "--follow")
    for more, status in (((), "running"), (("--attached",), "cancelled")):
        follower = subprocess.Popen(
            trawl.command(*words, *more), env=trawl.environ, stderr=subprocess.PIPE
        )
        while (run := trawl.newest()) == known:
            time.sleep(0.05)
        known = run
        trawl.until(run, lambda r: r["steps"] > 1)
        follower.send_signal(signal.SIGINT)
        _, said = follower.communicate(timeout=20)
        assert follower.returncode == 130
        assert (f"trawl run follow {run}" in said.decode()) == (status == "running")
        trawl.until(run, lambda r, s=status: r["status"] == s)
        if status == "running":
            trawl("run", "cancel", run)
            trawl.until(run, lambda r: r["status"] == "cancelled")


def test_sigterm_closes_episodes_as_interrupted(trawl):
    trawl.up()
    run = trawl("run", "submit", "--pool", "fake", "--episodes", "2", "--steps", "500")["run"]
    trawl.until(run, lambda r: r["steps"] > 2)
    pid = trawl.controller_pid()
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 30
    while time.monotonic() < end and running(pid):
        time.sleep(0.1)
    assert not running(pid)
    assert {read(d).close.status for d in recordings(trawl)} == {"interrupted"}


def test_a_second_sigterm_ends_it_at_once_and_the_next_one_goes_on(trawl):
    trawl.up()
    run = trawl("run", "submit", "--pool", "fake", "--episodes", "2", "--steps", "12")["run"]
    trawl.until(run, lambda r: r["steps"] > 2)
    pid = trawl.controller_pid()
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 2
    while time.monotonic() < end and running(pid):
        time.sleep(0.02)
    assert not running(pid)
    trawl.up()
    done = trawl.until(run, lambda r: r["status"] not in ("queued", "running"))
    assert done["status"] == "completed" or {e.status for e in done["episodes"]} <= {
        "completed", "interrupted"}  # fmt: skip


def test_a_killed_controller_loses_no_acknowledged_step(trawl):
    trawl.up()
    run = trawl("run", "submit", "--pool", "fake", "--episodes", "2", "--steps", "30")["run"]
    seen = trawl.until(run, lambda r: r["steps"] > 4)
    os.kill(trawl.controller_pid(), signal.SIGKILL)
    acknowledged = {e["recording"]: e["steps"] for e in trawl("run", "show", run)["episodes"]}
    torn = {d.name: len(read(d).steps) for d in recordings(trawl)}
    assert all(torn[name] >= steps for name, steps in acknowledged.items() if steps)
    trawl.up()
    done = trawl.until(run, lambda r: r["status"] not in ("queued", "running"))
    assert done["status"] == "completed"
    begun = {e.number for e in seen["episodes"] if e.steps}
    assert {e.attempts for e in done["episodes"] if e.number in begun} == {2}
    for directory in recordings(trawl):
        assert Verifier().verify(directory).problems == ()
