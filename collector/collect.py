"""From a claimed assignment to a recording: the explorer, the recorder, the episode.

It is what the controller's workers call; it knows explorers and recordings, the fleet does not.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from collector.branching import STATES, Branch, Forest, seated
from collector.episode import header_for, run_episode
from collector.episode.header import Order
from collector.episode.meter import Meter, Unmeasured
from collector.explore.base import HasGoal, Policy
from collector.explore.explorers import EXPLORERS, GOING_BACK, chosen, mixture
from collector.explore.frontier import Frontier
from collector.explore.graph import stored
from collector.explore.memory import Memory, Yield
from collector.explore.start import Start
from collector.fleet.worker import Assignment, Committed, Ended
from envs.base import Env
from envs.recording.types import Close, Step
from envs.recording.writer import Recorder
from infra.clock import Clock
from infra.ids import RandomIds
from infra.settings import Settings

ISOLATED_KINDS: Final = frozenset({"ubuntu", "fake"})
"""Forks: what is done there reaches nobody, unless they were given a network."""
RUNS: Final = 4
"""Runs whose memory and frozen states are kept while others are worked on."""


def seed_of(run_seed: int, number: int) -> int:
    """The seed of a run's episode: every episode its own, the same every time."""
    digest = hashlib.sha256(f"{run_seed}/{number}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def is_isolated(kind: str, env: Env) -> bool:
    """Whether nothing that is done on this machine reaches anybody."""
    return kind in ISOLATED_KINDS and not env.info.extra.get("network")


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
        self._floor_per_min = settings.novelty_floor_per_min
        self._forests: dict[str, Forest] = {}

    def __call__(
        self,
        work: Assignment,
        env: Env,
        committed: Committed,
        stop: Callable[[], bool],
    ) -> Ended:
        """Record the assignment's episode, on the machine itself or on a branch of the run's tree."""
        forest = self._forest(work.run.id, env)
        explorer = chosen(mixture(work.run.explorer), work.episode.number)
        with seated(env, forest, branches=explorer in GOING_BACK) as branch:
            policy = EXPLORERS[explorer](self._start(work, env, forest.memory, branch))
            machine = env if branch is None else branch.env
            close = self._record(work, machine, policy, committed, stop)
        return Ended(close.status, close.reason, forest.memory.found.dried_up())

    def _record(
        self,
        work: Assignment,
        env: Env,
        policy: Policy,
        committed: Committed,
        stop: Callable[[], bool],
    ) -> Close:
        isolated = is_isolated(work.machine.kind, env)
        goal = ""
        if isinstance(policy, HasGoal):
            policy.prepare(env, work.lease.fence, self._ids)
            goal = policy.goal
        order = Order(_seed(work), work.run.id, work.run.pool, work.lease.fence, isolated, goal)
        header = replace(
            header_for(env, policy, order, self._ids, self._clock),
            episode_id=work.episode.recording,
        )

        def told(step: Step) -> None:
            took_s = (step.t_commit_ns - step.t_intent_ns) / 1e9 - step.settle_s
            committed(step.index + 1, step.action.name, max(took_s, 0.0))

        return run_episode(
            env, policy, Recorder(self._home, header, self._clock), self._clock, work.run.steps, stop,
            ids=self._ids, told=told, meter=self._meter(work.machine.kind),
        )  # fmt: skip

    def _start(self, work: Assignment, env: Env, memory: Memory, branch: Branch | None) -> Start:
        """What the episode's explorer is made from."""
        can = env.capabilities
        return Start(
            _seed(work),
            can.family,
            is_isolated(work.machine.kind, env),
            can.actions,
            tuple(str(page) for page in env.info.extra.get("pages", ())),
            memory,
            work.episode.recording,
            None if branch is None else branch.keep,
            "" if branch is None else branch.origin,
            tuple(str(name) for name in env.info.extra.get("uploads", ())),
            work.run.steps,
        )

    def _forest(self, run: str, seat: Env) -> Forest:
        """What the run knows and holds: its graph goes on where an earlier controller left it.

        Of the runs that were not worked on for longest, nothing is held any more.
        """
        with self._lock:
            if run not in self._forests:
                memory = Memory(
                    graph=stored.opened(stored.path_of(self._home, run)),
                    found=Yield(self._floor_per_min),
                    frontier=Frontier(STATES),
                )
                self._forests[run] = Forest(memory)
            self._forests[run] = self._forests.pop(run)
            idle = list(self._forests)[:-RUNS]
            for old in idle:
                self._forests.pop(old).clear(seat)
            return self._forests[run]


def _seed(work: Assignment) -> int:
    return seed_of(work.run.seed, work.episode.number)
