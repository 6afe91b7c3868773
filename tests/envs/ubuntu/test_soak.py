"""Thousands of observations of one machine: memory, descriptors and latency stay what they were.

`TRAWL_OBSERVATIONS=20000` makes more of them.
"""

from __future__ import annotations

import gc
import os
import statistics
import time
from pathlib import Path

import pytest

from collector.episode.observing import Pace, settle
from envs.actions import Click, MoveTo, Press, Write
from infra.clock import SystemClock

OBSERVATIONS = int(os.environ.get("TRAWL_OBSERVATIONS", "2000"))
ACTED_EVERY = 10
FIRST = 200
"""Caches fill and programs start; what is compared comes after."""
GROWTH_BYTES = 50 << 20
ACTIONS = (MoveTo(640, 300), Click(640, 20), Press(("esc",)), Write("a"), MoveTo(200, 500))
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

pytestmark = [pytest.mark.machine, pytest.mark.timeout(5400)]


def resident_bytes():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def zombies():
    stats = [path / "stat" for path in Path("/proc").iterdir() if path.name.isdigit()]
    found = []
    for stat in stats:
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state == "Z" and int(parent) == os.getpid():
            found.append(stat.parent.name)
    return found


def test_thousands_of_observations_cost_no_memory_no_descriptors_and_no_time(desktop):
    clock, took, marks = SystemClock(), [], []
    for number in range(OBSERVATIONS):
        if number % ACTED_EVERY == 0:
            before = desktop.screen()
            action = ACTIONS[number // ACTED_EVERY % len(ACTIONS)]
            desktop.act(action, f"soak-{number}", desktop.fence)
            settle(desktop, before, clock, Pace())
        start = time.monotonic()
        tree = desktop.tree()
        took.append(time.monotonic() - start)
        screen = desktop.screen()
        assert tree.elements
        assert screen.pixels.any()
        if number in (FIRST, OBSERVATIONS - 1):
            marks.append((resident_bytes(), descriptors()))
    (early_bytes, early_open), (late_bytes, late_open) = marks
    assert late_bytes - early_bytes < GROWTH_BYTES
    assert late_open == early_open
    assert zombies() == []
    early, late = statistics.median(took[FIRST : 2 * FIRST]), statistics.median(took[-FIRST:])
    assert late < 3 * early, f"a tree took {early:.3f} s and takes {late:.3f} s"
