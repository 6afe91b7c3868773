"""A fleet at work whose home is a small disk that fills up: `python -m tests.faults.full_disk`.

It runs where that disk is mounted, in a namespace of its own; what does not hold is an AssertionError.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from envs.recording.reader import read
from envs.recording.verify import Verifier
from infra.errors import Corrupt
from infra.store import events, runs
from tests.collector.fleet.trawl import Trawl

FLEET: Final = '[pools.fake]\nkind = "fake"\ncount = 1\n'
EPISODES, STEPS = 2, 12
PAGE_BYTES: Final = 4096
ENOUGH_S: Final = 90
KINDS: Final = ("fleet.holds", "fleet.goes_on")


def fill(home: Path, size_bytes: int) -> None:
    """Take so much of the disk, or all that is left of it to the last page."""
    with (home / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        for _ in range(size_bytes // PAGE_BYTES):
            ballast.write(bytes(PAGE_BYTES))


def submitted(trawl: Trawl) -> str:
    words = ("--episodes", str(EPISODES), "--steps", str(STEPS))
    return str(trawl("run", "submit", "--pool", "fake", *words)["run"])


def until(holds: Callable[[], bool], what: str) -> None:
    end_s = time.monotonic() + ENOUGH_S
    while not holds():
        assert time.monotonic() < end_s, what
        time.sleep(0.1)


def told(trawl: Trawl) -> list[str]:
    """What the events say of holding and going on, in order."""
    with trawl.store() as store, store.read() as tx:
        return [e.kind for e in events.after(tx, 0, 100_000) if e.kind in KINDS]


def closes(trawl: Trawl) -> list[str]:
    """How each recording was closed, so far."""
    ended = []
    for log in (trawl.home / "recordings").glob("*/log"):
        try:
            close = read(log.parent).close
        except Corrupt:  # it is being written
            continue
        ended += [close.status] if close else []
    return sorted(ended)


def below_the_floor(trawl: Trawl) -> None:
    run = submitted(trawl)
    trawl.until(run, lambda r: r["steps"] > 1)
    fill(trawl.home, 24 << 20)
    first = trawl.until(run, lambda r: "completed" in {e.status for e in r["episodes"]})
    until(lambda: told(trawl) == ["fleet.holds"], "it does not say that it holds")
    assert sorted(e.status for e in first["episodes"]) == ["completed", "queued"]
    (trawl.home / "ballast").unlink()
    done = trawl.until(run, lambda r: r["status"] == "completed")
    assert [(e.status, e.attempts) for e in done["episodes"]] == [("completed", 1)] * EPISODES
    assert told(trawl) == ["fleet.holds", "fleet.goes_on"]


def no_byte_left(trawl: Trawl) -> None:
    run = submitted(trawl)
    trawl.until(run, lambda r: r["steps"] > 1)
    fill(trawl.home, 1 << 30)
    with trawl.store() as store, store.read() as tx:
        acknowledged = {e.recording: e.steps for e in runs.episodes(tx, run) if e.steps}
    until(lambda: bool(closes(trawl)), "what runs does not end")
    assert trawl("fleet", "status")["controller"] == "up"
    (trawl.home / "ballast").unlink()
    done = trawl.until(run, lambda r: r["status"] not in ("queued", "running"))
    assert {e.status for e in done["episodes"]} == {"completed"}, done
    assert told(trawl) == ["fleet.holds", "fleet.goes_on"]
    for log in (trawl.home / "recordings").glob("*/log"):
        recording = read(log.parent)
        assert len(recording.steps) >= acknowledged.get(log.parent.name, 0)
        assert Verifier().verify(log.parent).problems == ()
    assert trawl("db", "check")["problems"] == []


def main() -> None:
    """Live through what is named, below the home that is given."""
    lives = {"below-the-floor": below_the_floor, "no-byte-left": no_byte_left}
    trawl = Trawl(Path(sys.argv[2]), FLEET)
    try:
        trawl.up()
        lives[sys.argv[1]](trawl)
    finally:
        (trawl.home / "ballast").unlink(missing_ok=True)
        trawl("fleet", "down")


if __name__ == "__main__":
    main()
