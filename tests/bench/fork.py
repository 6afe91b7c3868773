"""Forking a desktop against booting it: the same image, to the same end, in the same run.

The end is that the agent has answered once and every pixel of the screen is the template's. The
machine that is booted is then frozen, so that the forks' end is exactly the boot's. The time of
the fork itself, paused, is taken on the warmed template with its programs open.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from envs.ubuntu import wake
from envs.ubuntu.quiet import wait_until_quiet
from infra import images, settings
from infra.hypervisor import Domain, Template
from infra.progress import Progress
from tests.bench.machines import CLOCK, IDS, Bench, first_tree, hello, opened, p50, until_screen
from tests.bench.report import Report

FORKS = 20
ENDS = 5
SETTLED_S = 20.0
"""How long the booted screen must then stand still: a session's parts appear one by one. This time
is not counted."""


def run(progress: Progress) -> Report:
    """Boot once, freeze; fork the warmed template twenty times and the booted one five times."""
    with opened() as bench:
        progress.say("cold boot")
        boot_s, boot_tree_s, bare, screen = _boot(bench)
        progress.say("forks")
        forks = [_fork_s(bench) for _ in range(FORKS)]
        progress.say("forks to the end")
        ends = [_to_end_s(bench, bare, screen) for _ in range(ENDS)]
        trees = [_to_tree_s(bench, bare) for _ in range(ENDS)]
        warmed = [_woken_to_tree_s(bench) for _ in range(ENDS)]
    return Report(
        name="fork",
        figures={
            "fork_p50_s": p50(forks),
            "fork_max_s": round(max(forks), 3),
            "boot_s": round(boot_s, 2),
            "fork_to_end_p50_s": p50(ends),
            "boot_to_tree_s": round(boot_s + boot_tree_s, 2),
            "fork_to_tree_p50_s": p50(trees),
            "fork_of_open_programs_to_tree_p50_s": p50(warmed),
        },
        peer="a cold boot of the same image to the same end",
        ratio=round(boot_s / p50(ends), 1),
        notes=("end: the agent answered once and every pixel equals the template's screen",),
    )


def _boot(bench: Bench) -> tuple[float, float, Template, NDArray[np.uint8]]:
    """Seconds to the end and from there to a whole tree; what was booted, frozen; its screen."""
    chosen = settings.load()
    image, uuid = images.find(chosen.image, chosen.cache), IDS.uuid()
    start = CLOCK.monotonic_s()
    domain = bench.host.boot(image, f"bench-{uuid[:8]}", uuid, ram_file=bench.host.place(uuid).ram)
    try:
        hello(domain)
        answered = CLOCK.monotonic_s()
        screen, shown = _still(domain)
        wait_until_quiet(domain, CLOCK)
        assert np.array_equal(domain.screendump(), screen), "the desktop was not there yet"
        tree_s = first_tree(domain)
        template = bench.host.freeze(domain, bench.scratch / "bare")
    finally:
        domain.destroy()
    return max(answered, shown) - start, tree_s, template, screen


def _still(domain: Domain) -> tuple[NDArray[np.uint8], float]:
    """The screen once it stands still, and the moment it first looked so."""
    screen, since = domain.screendump(), CLOCK.monotonic_s()
    while CLOCK.monotonic_s() - since < SETTLED_S or screen.max() == screen.min():
        CLOCK.sleep(0.02)
        now = domain.screendump()
        if not np.array_equal(now, screen):
            screen, since = now, CLOCK.monotonic_s()
    return screen, since


def _fork_s(bench: Bench) -> float:
    start = CLOCK.monotonic_s()
    with bench.fork():
        return CLOCK.monotonic_s() - start


def _to_end_s(bench: Bench, template: Template, screen: NDArray[np.uint8]) -> float:
    start = CLOCK.monotonic_s()
    with bench.fork(template) as domain:
        domain.resume()
        hello(domain)
        until_screen(domain, screen)
        return CLOCK.monotonic_s() - start


def _to_tree_s(bench: Bench, template: Template) -> float:
    start = CLOCK.monotonic_s()
    with bench.fork(template) as domain:
        domain.resume()
        first_tree(domain)
        return CLOCK.monotonic_s() - start


def _woken_to_tree_s(bench: Bench) -> float:
    """The warmed template, the way a lease wakes it: with what its mirror remembers."""
    start = CLOCK.monotonic_s()
    with bench.fork() as domain:
        env = wake(domain, 1)
        env.tree()
        took_s = CLOCK.monotonic_s() - start
        env.close()
        return took_s
