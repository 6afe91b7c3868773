"""What the fleet's bookkeeping costs: per step with 500 machines, per pass with 1,000, simulated.

The machines are names in a set; database, leases, reconciler and events are the real ones, on disk.
Beside them stands the real point: a pass over 150 paused forks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from collector.fleet.backends import Backends
from collector.fleet.desktop import DesktopBackend
from collector.fleet.reconciler import Reconciler
from collector.fleet.worker import Assignment, Ended, Worker
from infra import settings
from infra.errors import Unavailable
from infra.progress import Progress
from infra.store import Store, machines, pools, runs
from infra.store.rows import Machine, Pool, Run
from tests.bench.machines import CLOCK, IDS, opened, p50
from tests.bench.report import Report

STEPPED: Final = 500
PASSED: Final = 1000
REAL: Final = 150
STEPS: Final = 4
PASSES: Final = 10


class Simulated:
    """A kind of machine that is a name in a set."""

    def __init__(self) -> None:
        self.there: set[str] = set()

    def start(self, machine: Machine, pool: Pool) -> None:
        """It is there."""
        del pool
        self.there.add(machine.uuid)

    def alive(self) -> set[str]:
        """All that are there."""
        return set(self.there)

    def answering(self, uuids: Sequence[str]) -> set[str]:
        """All of them."""
        return set(uuids)

    def private_bytes(self, uuid: str) -> int:
        """Nothing."""
        del uuid
        return 0

    def wake(self, machine: Machine, fence: int) -> Any:
        """At once."""
        del fence
        return machine

    def rest(self, uuid: str) -> bool:
        """Never."""
        del uuid
        return False

    def screen(self, uuid: str) -> Any:
        """None to see."""
        raise Unavailable(f"{uuid} is simulated")

    def destroy(self, uuid: str) -> None:
        """It is gone."""
        self.there.discard(uuid)

    def close(self) -> None:
        """Nothing to let go of."""


class _Steps:
    """An episode of steps that take no time; it keeps what each commit took."""

    def __init__(self) -> None:
        self.commit_s: list[float] = []

    def __call__(self, work: Assignment, env: Any, committed: Any, stop: Any) -> Ended:
        """Commit each step, as an episode does after its recording is on disk."""
        del work, env
        for step in range(1, STEPS + 1):
            start = CLOCK.monotonic_s()
            stop()
            committed(step, "click", 0.1)
            self.commit_s.append(CLOCK.monotonic_s() - start)
        return Ended("completed", "")


def run(progress: Progress) -> Report:
    """Simulated figures first, then the real pass."""
    with tempfile.TemporaryDirectory() as home:
        progress.say(f"{STEPPED} simulated machines at work")
        step_s, lease_s = _overhead(Path(home) / "steps.db")
        progress.say(f"passes over {PASSED} simulated machines")
        pass_s = _pass_s(Path(home) / "passes.db", Simulated(), "simulated", PASSED)
        progress.say(f"passes over {REAL} real forks")
        real_s = _real_pass_s(Path(home) / "real.db")
    return Report(
        "control",
        {
            "overhead_p50_ms": p50([s * 1000 for s in step_s], 2),
            "overhead_p95_ms": round(sorted(step_s)[int(0.95 * len(step_s))] * 1000, 2),
            "lease_to_end_p50_ms": p50([s * 1000 for s in lease_s], 2),
            "pass_s": round(pass_s, 3),
            "real_150_pass_s": round(real_s, 3),
        },
        notes=("simulated: machines are names; the real point is a pass over 150 paused forks",),
    )


def _filled(path: Path, backend: Any, kind: str, count: int) -> tuple[Store, Backends, Reconciler]:
    """A store with a full pool."""
    store = Store(path)
    backends = Backends(lambda _: backend)
    reconciler = Reconciler(store, backends, CLOCK, IDS)
    image = settings.load().image if kind == "ubuntu" else ""
    with store.write() as tx:
        pools.want(tx, [Pool("p", kind, image, count)], CLOCK.now_ns())
    while reconciler.tick():
        pass
    with store.read() as tx:
        assert len(machines.alive(tx)) == count
    return store, backends, reconciler


def _overhead(path: Path) -> tuple[list[float], list[float]]:
    """Seconds of each step's bookkeeping, and of an episode's lease from claim to end besides."""
    store, backends, _ = _filled(path, Simulated(), "simulated", STEPPED)
    steps = _Steps()
    worker = Worker(store, backends, steps, CLOCK, IDS)
    with store.write() as tx:
        runs.submit(tx, Run("run", "p", "walk", STEPPED, STEPS, 0, "queued", 1, None))
    around = []
    for _ in range(STEPPED // 2):
        start, before = CLOCK.monotonic_s(), len(steps.commit_s)
        work = worker.claim()
        assert work is not None
        worker.perform(work, lambda: False)
        around.append(CLOCK.monotonic_s() - start - sum(steps.commit_s[before:]))
    return steps.commit_s, around


def _pass_s(path: Path, backend: Any, kind: str, count: int) -> float:
    """The median of passes that find everything as it should be."""
    _, _, reconciler = _filled(path, backend, kind, count)
    took = []
    for _ in range(PASSES):
        start = CLOCK.monotonic_s()
        reconciler.tick()
        took.append(CLOCK.monotonic_s() - start)
    return p50(took, 6)


def _real_pass_s(path: Path) -> float:
    with opened() as bench:
        backend = DesktopBackend(bench.host, settings.load().cache, CLOCK)
        try:
            return _pass_s(path, backend, "ubuntu", REAL)
        finally:
            for uuid in backend.alive():
                backend.destroy(uuid)
