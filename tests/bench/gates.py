"""Stored recordings to samples on one core: screens per second of a whole `trawl ground build`.

Timed is everything that the command does after its start, with the process held to one core and its
output empty before: logs read, every blob checked against its hash, screens and trees decoded (each
once), gates, referring expressions, effects, goals and thoughts, and all of it made durable; a
screen stays in the recording's codec. Not timed: Python's start and its imports, and what `trawl
ground export` draws of the samples. A screen is an observation of a recording, also where it shows
what an earlier one showed.

The fastest of a few builds counts, since others use the machine too. `screens_per_cpu_s` leaves out
the waiting for the disk and for a core that another process had.
"""

from __future__ import annotations

import time
from typing import Final

from grounding.build import build
from infra.progress import Progress, Silent
from tests.bench.machines import CLOCK
from tests.bench.recorded import Recorded, recorded
from tests.bench.report import Report
from tests.bench.turns import one_core

TIMES: Final = 5


def run(progress: Progress) -> Report:
    """Build the samples of the same recordings a few times."""
    walls, cpus, screens, kept = [], [], 0, 0
    with recorded() as bench, one_core():
        for number in range(TIMES):
            progress.say(f"build {number + 1} of {TIMES}")
            wall_s, cpu_s, screens, kept = _build(bench, number)
            walls.append(wall_s)
            cpus.append(cpu_s)
    return Report(
        "gates",
        {
            "screens_per_s": round(screens / min(walls), 1),
            "screens_per_cpu_s": round(screens / min(cpus), 1),
            "screens": screens,
            "kept_screens": kept,
        },
        notes=(bench.what,),
    )


def _build(bench: Recorded, number: int) -> tuple[float, float, int, int]:
    """One build into an empty place: seconds, processor seconds, screens, screens kept."""
    start, worked = CLOCK.monotonic_s(), time.process_time()
    made = build(
        bench.scratch / f"samples-{number}",
        Silent(),
        allow_stand_ins=bench.stand_ins,
        recordings=bench.home,
    )
    took = CLOCK.monotonic_s() - start, time.process_time() - worked
    return *took, made.screens, made.kept_screens
