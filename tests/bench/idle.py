"""What machines cost while nobody works with them: memory that is theirs alone, and processor."""

from __future__ import annotations

from envs.ubuntu import wake
from infra.hypervisor import Domain
from infra.progress import Progress
from tests.bench.machines import CLOCK, first_tree, hello, opened
from tests.bench.report import Report

PAUSED_S = 10.0
SETTLE_S = 5.0
IDLE_S = 30.0
MB = 1_000_000


def run(progress: Progress) -> Report:
    """One fork: paused, woken, read once, left alone; another read without what was remembered."""
    with opened() as bench, bench.fork() as domain:
        progress.say("paused")
        fresh = domain.stats().private_bytes
        paused = _cpu_percent(domain, PAUSED_S)
        progress.say("first tree")
        env = wake(domain, 1)
        answered = domain.stats().private_bytes
        env.tree()
        used = domain.stats().private_bytes
        progress.say("idle")
        CLOCK.sleep(SETTLE_S)
        idle = _cpu_percent(domain, IDLE_S)
        env.close()
    with opened() as bench, bench.fork() as domain:
        progress.say("a tree read anew")
        domain.resume()
        hello(domain)
        first_tree(domain)
        anew = domain.stats().private_bytes
    return Report(
        name="idle",
        figures={
            "fresh_private_mb": round(fresh / MB, 1),
            "answered_private_mb": round(answered / MB, 1),
            "used_private_mb": round(used / MB, 1),
            "used_unremembered_private_mb": round(anew / MB, 1),
            "paused_cpu_percent": round(paused, 2),
            "idle_cpu_percent": round(idle, 2),
        },
    )


def _cpu_percent(domain: Domain, seconds: float) -> float:
    """The share of one core that the machine's process takes."""
    before, start = domain.stats().cpu_s, CLOCK.monotonic_s()
    CLOCK.sleep(seconds)
    return (domain.stats().cpu_s - before) / (CLOCK.monotonic_s() - start) * 100
