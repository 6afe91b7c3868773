"""Ways of one work in turn, so that what else the machine does meets all alike."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from infra.progress import Progress
from tests.bench.machines import CLOCK

Result = TypeVar("Result")


@contextmanager
def one_core() -> Iterator[None]:
    """This process on one core and on no other."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def on_one_core(work: Callable[[], Result], times: int) -> tuple[float, Result]:
    """The median of the processor's seconds that some work takes on one core, and what it last gave."""
    took = []
    with one_core():
        for _ in range(times):
            start = time.process_time()
            result = work()
            took.append(time.process_time() - start)
    return statistics.median(took), result


def seconds(
    ways: Mapping[str, Callable[[Path], float | None]], times: int, progress: Progress
) -> dict[str, float]:
    """The least seconds of each way, each time in an empty directory of its own.

    The fastest counts, since others use the machine too. A way that measures itself returns its seconds.
    """
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(times):
        for name, way in ways.items():
            progress.say(f"{name}, {number + 1} of {times}")
            with tempfile.TemporaryDirectory() as place:
                start = CLOCK.monotonic_s()
                measured = way(Path(place))
                took[name].append(CLOCK.monotonic_s() - start if measured is None else measured)
    return {name: min(each) for name, each in took.items()}
