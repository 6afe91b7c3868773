"""How many parked forks this machine holds, and what ends it: its memory, or anything before."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

from infra.errors import TrawlError
from infra.hypervisor.room import available_bytes
from infra.limits import MEMORY_FLOOR_BYTES
from infra.progress import Progress
from tests.bench.machines import CLOCK, opened
from tests.bench.report import Report

MB: Final = 1_000_000
EVERY: Final = 20


def run(progress: Progress) -> Report:
    """Fork until the floor of free memory is reached, where a fleet stops, or one is refused."""
    with opened() as bench, ExitStack() as parked:
        count, why, start, before = (
            0,
            "the floor of free memory",
            CLOCK.monotonic_s(),
            available_bytes(),
        )
        while available_bytes() > MEMORY_FLOOR_BYTES:
            try:
                parked.enter_context(bench.fork())
            except TrawlError as error:
                why = str(error)
                break
            count += 1
            if count % EVERY == 0:
                progress.say(f"{count} machines, {available_bytes() // MB} MB free")
        took_s, left = CLOCK.monotonic_s() - start, available_bytes()
        progress.say("ending them")
    figures = {
        "parked": count,
        "parked_per_s": round(count / took_s, 2),
        "mb_each": round((before - left) / MB / max(count, 1), 1),
        "free_mb": left // MB,
        "ended_by": why,
    }
    return Report("limit", figures)
