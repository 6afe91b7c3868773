"""From a dirty machine to a clean one that answers: a fork, against a disk copied and booted.

The peer resets as WindowsAgentArena and OSGym's public code do: the golden disk is copied whole and
the copy is booted cold, until its agent answers.
"""

from __future__ import annotations

import shutil
from typing import Final

from envs.actions import Click
from envs.ubuntu import UbuntuEnv, wake
from infra import images, settings
from infra.hypervisor import Domain
from infra.progress import Progress
from tests.bench.machines import CLOCK, IDS, Bench, hello, opened, p50
from tests.bench.report import Report

TIMES: Final = 10


def run(progress: Progress) -> Report:
    """Resets with a paused machine waiting, resets without, and one of the peer's."""
    with opened() as bench:
        progress.say("with a paused machine waiting")
        prepared = [_reset_s(bench, waiting=True) for _ in range(TIMES)]
        progress.say("without")
        unprepared = [_reset_s(bench, waiting=False) for _ in range(TIMES)]
        progress.say("a disk copied and booted")
        copy_s, boot_s = _peer(bench)
    return Report(
        "reset",
        {
            "reset_p50_s": p50(prepared),
            "reset_unprepared_p50_s": p50(unprepared),
            "peer_copy_s": round(copy_s, 2),
            "peer_boot_s": round(boot_s, 2),
        },
        "a full disk copy and a cold boot",
        round((copy_s + boot_s) / p50(prepared), 1),
    )


def _reset_s(bench: Bench, *, waiting: bool) -> float:
    """One reset: the dirty machine is ended and another answers."""
    with bench.fork() as dirty:
        env = wake(dirty, 1)
        env.act(Click(640, 400), "dirty", 1)
        if not waiting:
            start = CLOCK.monotonic_s()
            _end(env, dirty)
            with bench.fork() as clean:
                return _woken_s(clean, start)
        with bench.fork() as clean:
            start = CLOCK.monotonic_s()
            _end(env, dirty)
            return _woken_s(clean, start)


def _end(env: UbuntuEnv, dirty: Domain) -> None:
    env.close()
    dirty.destroy()


def _woken_s(clean: Domain, start: float) -> float:
    env = wake(clean, 1)
    took_s = CLOCK.monotonic_s() - start
    env.close()
    return took_s


def _peer(bench: Bench) -> tuple[float, float]:
    """Seconds to copy the image's disk and to boot it until its agent answers."""
    chosen = settings.load()
    image, uuid = images.find(chosen.image, chosen.cache), IDS.uuid()
    start = CLOCK.monotonic_s()
    shutil.copyfile(image.disk, bench.scratch / "copy.disk")
    copied = CLOCK.monotonic_s()
    domain = bench.host.boot(image, f"bench-{uuid[:8]}", uuid)
    try:
        hello(domain)
        return copied - start, CLOCK.monotonic_s() - copied
    finally:
        domain.destroy()
