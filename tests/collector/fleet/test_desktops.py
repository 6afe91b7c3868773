"""The fleet over real desktop machines: collected on, killed, adopted, and gone without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from envs.recording.reader import read
from infra.store import Store, events, leases, machines, runs
from tests.collector.fleet.trawl import Trawl

pytestmark = pytest.mark.machine
FLEET = '[pools.ubuntu]\nkind = "ubuntu"\ncount = 2\n'


@pytest.fixture
def trawl(template):
    del template  # it must be there: forks start from it
    with TemporaryDirectory(prefix="trawl-") as home:  # short: sockets lie below it
        trawl = Trawl(Path(home), FLEET)
        yield trawl
        trawl("fleet", "down")


def test_a_home_too_long_for_sockets_is_said_before_anything_is_started(tmp_path, template):
    del template
    deep = tmp_path / ("a" * 60)
    deep.mkdir()
    error = Trawl(deep, FLEET)("fleet", "up", "--file", str(deep / "fleet.toml"), code=5)["error"]
    assert "TRAWL_HOME" in error["hint"]


def qemus(home):
    """The processes whose command line names this home."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes()
        except OSError:
            continue
        if words.startswith((b"/usr/bin/qemu", b"qemu")) and str(home).encode() in words:
            found[int(entry.parent.name)] = words.decode("utf-8", "replace")
    return found


def until(what, within_s=90):
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.2)
    pytest.fail("it did not come to that")


def parked(home):
    with Store(home / "trawl.db").read() as tx:
        return {m.uuid for m in machines.alive(tx) if m.observed == "PARKED"}


def reasons(home):
    with Store(home / "trawl.db").read() as tx:
        return {event.reason for event in events.after(tx, 0)}


def test_desktops_are_collected_on_killed_adopted_and_gone(trawl):
    trawl.up()
    first = parked(trawl.home)
    assert len(first) == len(qemus(trawl.home)) == 2

    done = trawl("run", "submit", "--pool", "ubuntu", "--steps", "2", "--follow")
    assert (done["status"], done["steps"]) == ("completed", 2)
    recording = read(trawl.home / "recordings" / done["episodes"][0]["recording"])
    assert recording.header.env.image == "debian-12"
    assert recording.header.isolated
    assert len(recording.first.load(recording_blobs(trawl.home)).tree.elements) > 100
    until(lambda: len(parked(trawl.home)) == 2)

    killed = next(iter(qemus(trawl.home)))
    os.kill(killed, signal.SIGKILL)
    until(lambda: "its process is gone" in reasons(trawl.home))
    until(lambda: len(parked(trawl.home)) == 2)
    assert killed not in qemus(trawl.home)

    before, pids = parked(trawl.home), set(qemus(trawl.home))
    os.kill(trawl.controller_pid(), signal.SIGKILL)
    trawl.up()
    assert parked(trawl.home) == before, "the resting machines were adopted"
    assert set(qemus(trawl.home)) == pids, "by their processes, not by new ones"

    trawl("fleet", "down")
    assert qemus(trawl.home) == {}
    left = [p for p in (trawl.home / "hypervisor" / "machines").rglob("*") if p.is_file()]
    assert left == [], "no overlay and no socket stays"


def emptied(memory):
    """As QEMU leaves it where the memory went while a fork of it started."""
    size_bytes = memory.stat().st_size
    memory.unlink()
    with memory.open("wb") as empty:
        empty.truncate(size_bytes)


@pytest.mark.parametrize("lose", [Path.unlink, emptied])
def test_the_memory_of_a_template_that_somebody_removed_is_loaded_again(trawl, template, lose):
    trawl.up()
    lose(template.ram)
    done = trawl("run", "submit", "--pool", "ubuntu", "--steps", "1", "--follow")
    assert (done["status"], done["steps"]) == ("completed", 1)
    until(lambda: len(parked(trawl.home)) == 2)


@contextmanager
def busy(threads):
    """Every core has something else to do."""
    spin = (sys.executable, "-c", "while True: pass")
    others = [subprocess.Popen(spin) for _ in range(threads)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def test_told_to_stop_on_a_busy_host_it_stops_in_time_and_leaves_what_to_go_on_from(trawl):
    trawl.up()
    run = trawl("run", "submit", "--pool", "ubuntu", "--episodes", "2", "--steps", "40")["run"]
    trawl.until(run, lambda r: r["steps"] > 1)
    with busy(2 * (os.cpu_count() or 1)):
        pid = trawl.controller_pid()
        os.kill(pid, signal.SIGTERM)
        until(lambda: not Path(f"/proc/{pid}").exists(), 30)
    with trawl.store().read() as tx:
        assert leases.live(tx) == []
        episodes = [e for e in runs.episodes(tx, run) if e.recording]
    closed = [read(trawl.home / "recordings" / e.recording) for e in episodes]
    assert {recording.close.status for recording in closed} == {"interrupted"}
    assert all(len(r.steps) >= e.steps for r, e in zip(closed, episodes, strict=True))
    trawl("run", "cancel", run)
    trawl.up()
    until(lambda: len(parked(trawl.home)) == 2)


def recording_blobs(home):
    from infra.blobs import Blobs

    return Blobs(home / "blobs")
