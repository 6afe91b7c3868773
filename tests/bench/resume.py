"""From a lease on a paused machine to its answer and a screen, to its first tree, to its second."""

from __future__ import annotations

from typing import Final

from envs.ubuntu import wake
from infra.progress import Progress
from tests.bench.machines import CLOCK, opened, p50
from tests.bench.report import Report

TIMES: Final = 12


def run(progress: Progress) -> Report:
    """Wake forks of the warmed template one after the other; they were parked before."""
    screens, firsts, seconds = [], [], []
    with opened() as bench:
        for number in range(TIMES):
            progress.say(f"machine {number + 1} of {TIMES}")
            with bench.fork() as domain:
                start = CLOCK.monotonic_s()
                env = wake(domain, 1)
                env.screen()
                screens.append(CLOCK.monotonic_s() - start)
                env.tree()
                firsts.append(CLOCK.monotonic_s() - start)
                env.tree()
                seconds.append(CLOCK.monotonic_s() - start - firsts[-1])
                env.close()
    return Report(
        "resume",
        {
            "screen_p50_s": p50(screens),
            "first_tree_p50_s": p50(firsts),
            "second_tree_after_first_p50_s": p50(seconds),
        },
    )
