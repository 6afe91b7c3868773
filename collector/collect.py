"""From a claimed assignment to a recording: the explorer, the recorder, the episode.

It is what the controller's workers call; it knows explorers and recordings, the fleet does not.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from collector.episode import header_for, run_episode
from collector.episode.header import Order
from collector.episode.meter import Meter, Unmeasured
from collector.explore.explorers import EXPLORERS, chosen, mixture
from collector.explore.graph import stored
from collector.explore.memory import Memory
from collector.explore.start import Start
from collector.fleet.worker import Assignment, Committed, Ended
from envs.base import Env
from envs.recording.types import Step
from envs.recording.writer import Recorder
from infra.clock import Clock
from infra.ids import RandomIds
from infra.settings import Settings

ISOLATED_KINDS: Final = frozenset({"ubuntu", "fake"})
"""Forks without a network: what is done there reaches nobody."""


def seed_of(run_seed: int, number: int) -> int:
    """The seed of a run's episode: every episode its own, the same every time."""
    digest = hashlib.sha256(f"{run_seed}/{number}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


class Collector:
    """Records episodes under one home; what is new is new to the whole run.

    `meter` says who measures the episodes on a kind of machine.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        meter: Callable[[str], Meter] = lambda _kind: Unmeasured(),
    ) -> None:
        self._home, self._clock, self._meter = settings.home, clock, meter
        self._ids = RandomIds(clock)
        self._lock = threading.Lock()
        self._memories: dict[str, Memory] = {}

    def __call__(
        self,
        work: Assignment,
        env: Env,
        committed: Committed,
        stop: Callable[[], bool],
    ) -> Ended:
        """Record the assignment's episode."""
        isolated = work.machine.kind in ISOLATED_KINDS
        seed = seed_of(work.run.seed, work.episode.number)
        start = self._start(work, env, seed, isolated=isolated)
        policy = EXPLORERS[chosen(mixture(work.run.explorer), work.episode.number)](start)
        order = Order(seed, work.run.id, work.run.pool, work.lease.fence, isolated)
        header = replace(
            header_for(env, policy, order, self._ids, self._clock),
            episode_id=work.episode.recording,
        )

        def told(step: Step) -> None:
            took_s = (step.t_commit_ns - step.t_intent_ns) / 1e9 - step.settle_s
            committed(step.index + 1, step.action.name, max(took_s, 0.0))

        recorder = Recorder(self._home, header, self._clock)
        close = run_episode(
            env, policy, recorder, self._clock, work.run.steps, stop,
            ids=self._ids, told=told, meter=self._meter(work.machine.kind),
        )  # fmt: skip
        return Ended(close.status, close.reason)

    def _start(self, work: Assignment, env: Env, seed: int, *, isolated: bool) -> Start:
        """What the episode's explorer is made from."""
        can = env.capabilities
        return Start(
            seed,
            can.family,
            isolated,
            can.actions,
            tuple(str(page) for page in env.info.extra.get("pages", ())),
            self._memory(work.run.id),
            work.episode.recording,
        )

    def _memory(self, run: str) -> Memory:
        """What the run knows: its graph goes on where an earlier controller left it."""
        with self._lock:
            if run not in self._memories:
                self._memories[run] = Memory(graph=stored.opened(stored.path_of(self._home, run)))
            return self._memories[run]
