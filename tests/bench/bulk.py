"""Forks in bulk: how fast they are parked, and what each keeps to itself, while N exist."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

from infra.hypervisor import Domain
from infra.progress import Progress
from tests.bench.machines import CLOCK, opened, p50
from tests.bench.report import Report

SIZES: Final = (8, 24, 60, 150)
MB: Final = 1_000_000


def run(progress: Progress) -> Report:
    """Fork until 150 are parked; figures at each size are of the forks since the one before."""
    figures: dict[str, float | int | str] = {}
    with opened() as bench, ExitStack() as parked:
        forks: list[Domain] = []
        for size in SIZES:
            progress.say(f"{size} machines")
            took: list[float] = []
            while len(forks) < size:
                start = CLOCK.monotonic_s()
                forks.append(parked.enter_context(bench.fork()))
                took.append(CLOCK.monotonic_s() - start)
            private = [fork.stats().private_bytes / MB for fork in forks]
            figures[f"parked_per_s_{size}"] = round(len(took) / sum(took), 2)
            figures[f"parked_p95_s_{size}"] = round(sorted(took)[int(0.95 * len(took))], 3)
            figures[f"private_mb_{size}"] = p50(private, 1)
        progress.say("ending them")
    return Report("bulk", figures)
