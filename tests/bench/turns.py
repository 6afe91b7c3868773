"""Ways of one work in turn, so that what else the machine does meets all alike."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from infra.progress import Progress
from tests.bench.machines import CLOCK


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
