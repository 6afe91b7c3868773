"""Simulated machines: processes that live, hang or are gone, and count what was done to them."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from envs import registry
from infra.clock import FakeClock
from infra.errors import DeadlineExceeded, InfraLost, TrawlError, Unavailable

HANG_S = 20.0
"""The caller's own deadline on a machine that hangs."""


class Process:
    """One machine's process on the simulated host; it outlives the controller."""

    def __init__(self, clock: FakeClock, seed: int) -> None:
        self.env = registry.open_env("fake", clock=clock, seed=seed, width=160, height=100)
        self.hangs = False
        self.fence = 0


class Machines:
    """The backend of the simulated world: what the fleet sees of its processes."""

    def __init__(self, clock: FakeClock, rng: random.Random) -> None:
        self.clock, self.rng = clock, rng
        self.there: dict[str, Process] = {}
        self.applied: Counter[str] = Counter()
        """How often each step id was applied inside a guest."""
        self.bad_starts = self.no_room = self.bad_wakes = self.lost_answers = 0.0
        self.between = lambda: None
        """The world goes on while a machine is driven."""

    def start(self, machine: Any, pool: Any) -> None:
        del pool
        self.clock.sleep(self.rng.random())
        if self.rng.random() < self.no_room:
            raise Unavailable("no memory is free")
        if self.rng.random() < self.bad_starts:
            raise InfraLost("it does not start")
        self.there[machine.uuid] = Process(self.clock, self.rng.getrandbits(16))

    def alive(self) -> set[str]:
        return set(self.there)

    def answering(self, uuids: Any) -> set[str]:
        if any(self.there[u].hangs for u in uuids if u in self.there):
            self.clock.sleep(2.0)
        return {u for u in uuids if u in self.there and not self.there[u].hangs}

    def private_bytes(self, uuid: str) -> int:
        return 1 if uuid in self.there else 0

    def wake(self, machine: Any, fence: int) -> Driven:
        process = self.process(machine.uuid)
        self.clock.sleep(0.3)
        if self.rng.random() < self.bad_wakes:
            raise DeadlineExceeded("it does not answer")
        process.fence = max(process.fence, fence)
        return Driven(self, machine.uuid, fence)

    def rest(self, uuid: str) -> bool:
        del uuid
        return False

    def destroy(self, uuid: str) -> None:
        self.there.pop(uuid, None)

    def close(self) -> None:
        """The machines go on."""

    def process(self, uuid: str) -> Process:
        """The live process. Raises what a caller gets who asks a dead or a hung one."""
        if uuid not in self.there:
            raise InfraLost(f"{uuid} is gone", subject=uuid)
        if self.there[uuid].hangs:
            self.clock.sleep(HANG_S)
            raise DeadlineExceeded(f"{uuid} does not answer", subject=uuid)
        return self.there[uuid]


class Driven:
    """A machine in the hands of an episode: the fake machine behind a process that can die."""

    def __init__(self, machines: Machines, uuid: str, fence: int) -> None:
        self._machines, self._uuid, self._fence = machines, uuid, fence
        env = machines.process(uuid).env
        self.info, self.capabilities = env.info, env.capabilities

    def tree(self) -> Any:
        return self._machines.process(self._uuid).env.tree()

    def screen(self) -> Any:
        return self._machines.process(self._uuid).env.screen()

    def hit(self, x: int, y: int) -> str | None:
        return self._machines.process(self._uuid).env.hit(x, y)

    def act(self, action: Any, step_id: str, fence: int) -> Any:
        self._machines.between()
        process = self._machines.process(self._uuid)
        assert fence >= process.fence, "an older fence reached the guest"
        result = process.env.act(action, step_id, fence)
        self._machines.applied[step_id] += result.outcome == "applied"
        if self._machines.rng.random() < self._machines.lost_answers:
            raise DeadlineExceeded("the answer was lost")
        return result

    def health(self) -> dict[str, Any]:
        return dict(self._machines.process(self._uuid).env.health())

    def close(self) -> None:
        """Nothing is held."""


LOST: tuple[type[TrawlError], ...] = (InfraLost, DeadlineExceeded)
