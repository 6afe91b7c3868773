"""One fake machine: the desktop behind the protocols of `envs.base`, with the faults asked for."""

from __future__ import annotations

import copy
import hashlib
from typing import Final

from envs import base
from envs.acting import Once
from envs.actions import Action
from envs.fake import paint, scenes
from envs.fake import tree as told
from envs.fake.apply import PERFORMED, apply
from envs.fake.desk import Desk
from envs.fake.faults import Faults, spoil
from envs.fake.playground import FakePlayground
from envs.hostile import Sieve
from envs.types import EnvInfo, Pixels, Screen, Tree
from infra.clock import Clock, SystemClock
from infra.errors import DeadlineExceeded, HostileInput, InfraLost, NotFound

ANSWER_S: Final = 2.0
"""How long a caller waits for a fake machine before it gives up."""
VERSION: Final = "1"


class FakeEnv:
    """A simulated desktop: observed, acted upon, checkpointed, given files."""

    def __init__(
        self,
        seed: int,
        width: int,
        height: int,
        faults: Faults,
        clock: Clock | None = None,
        frozen: dict[str, Desk] | None = None,
    ) -> None:
        self.capabilities = base.Capabilities(
            family="desktop",
            hit_test=True,
            checkpoint=True,
            branch=True,
            install=True,
            actions=PERFORMED,
        )
        self.faults = faults
        self.applied = 0
        self.desk = scenes.desk(seed, width, height)
        self._clock = clock or SystemClock()
        self._once = Once(PERFORMED, self._clock)
        self._files: dict[str, bytes] = {}
        self._seed = seed
        self._frozen = {} if frozen is None else frozen
        self._drawn: tuple[Desk, int, Pixels] | None = None
        self._calls = 0
        self._closed = False
        self._info = EnvInfo(
            platform="fake",
            width=width,
            height=height,
            os_id="fake",
            os_version=VERSION,
            image=f"fake-{seed}",
            image_sha256=hashlib.sha256(f"fake {VERSION} {seed}".encode()).hexdigest(),
            agent_version=VERSION,
            machine_id=f"{seed:032x}",
            stand_in=True,
        )

    @property
    def info(self) -> EnvInfo:
        """Where its observations come from: a stand-in."""
        return self._info

    def tree(self) -> Tree:
        """The elements of the desktop now, as its faults let it tell them."""
        start = self._answer("tree")
        said = spoil(told.elements(self.desk), self.faults, self._calls)
        sieve = Sieve(self._info.width, self._info.height)
        return sieve.tree(said, "fake", start, self._clock.now_ns())

    def screen(self) -> Screen:
        """The desktop's pixels now."""
        self._answer("screen")
        desk, version, picture = self._drawn or (None, 0, None)
        if picture is None or desk is not self.desk or version != self.desk.version:
            picture = paint.picture(self.desk)
            self._drawn = self.desk, self.desk.version, picture
        pixels = picture.copy()
        if self.faults.blank_screen:
            pixels[:] = 0
        if self.faults.restless_screen:
            pixels[:64, :64] = self._calls % 251
        if self.faults.wrong_size:
            pixels = pixels[:-8, :-8]
        return Screen(pixels, self._clock.now_ns())

    def hit(self, x: int, y: int) -> str | None:
        """The id of the element on top at that pixel."""
        self._answer("hit")
        return told.hit(self.desk, x, y)

    def act(self, action: Action, step_id: str, fence: int) -> base.ActResult:
        """Perform `action` at most once per `step_id`; an older `fence` is refused."""
        self._answer("act")
        if self.faults.repeats_steps:
            step_id = f"{step_id}/{self._calls}"
        if self.faults.ignores_fences:
            fence = max(fence, self._once.fence)
        size = self._info.width, self._info.height
        return self._once.perform(action, step_id, fence, size, self._do)

    def _do(self, action: Action) -> str:
        self.applied += 1
        if not self.faults.deaf:
            apply(self.desk, self._clock, action)
        if self.faults.loses_outcomes:
            raise DeadlineExceeded("the answer was lost")
        return "fake"

    def checkpoint(self) -> str:
        """Freeze the present state; returns its name."""
        self._answer("checkpoint")
        name = f"state-{len(self._frozen)}"
        self._frozen[name] = copy.deepcopy(self.desk)
        return name

    def restore(self, name: str) -> None:
        """Return to a frozen state. Raises NotFound."""
        self._answer("restore")
        if name not in self._frozen:
            raise NotFound.among("checkpoint", name, self._frozen)
        if not self.faults.forgets_checkpoints:
            self.desk = copy.deepcopy(self._frozen[name])

    def freeze(self) -> str:
        """Freeze the present state for other machines; returns its name."""
        return self.checkpoint()

    def branch(self, name: str = "") -> FakeEnv:
        """Another machine in that state, or where this one is. Raises NotFound."""
        self._answer("branch")
        if name and name not in self._frozen:
            raise NotFound.among("state", name, self._frozen)
        size = self._info.width, self._info.height
        other = FakeEnv(self._seed, *size, self.faults, self._clock, self._frozen)
        other.desk = copy.deepcopy(self._frozen[name] if name else self.desk)
        return other

    def forget(self, name: str) -> None:
        """Let a frozen state go; nothing there is fine."""
        self._frozen.pop(name, None)

    def put_file(self, name: str, data: bytes) -> None:
        """Store `data` under `name`."""
        self._answer("put_file")
        if not name or "/" in name or name.startswith("."):
            raise HostileInput("a file's name is plain", subject=name)
        self._files[name] = data[:-1] if self.faults.garbles_files else data

    def get_file(self, name: str) -> bytes:
        """Read what was stored under `name`. Raises NotFound."""
        self._answer("get_file")
        if name not in self._files:
            raise NotFound.among("file", name, self._files)
        return self._files[name]

    def playground(self) -> FakePlayground:
        """A form on this desktop whose answers are known."""
        return FakePlayground(self)

    def health(self) -> dict[str, str | int | float]:
        """A live answer with the machine's own figures."""
        self._answer("health")
        return {"calls": self._calls, "applied": self.applied}

    def close(self) -> None:
        """Forget everything; closing twice is fine."""
        self._closed = True
        self._files = {}

    def _answer(self, what: str) -> int:
        """Count a call and suffer the faults of answering; the time it began."""
        start = self._clock.now_ns()
        self._calls += 1
        if self._closed:
            raise InfraLost(f"no {what}: this machine was closed")
        if self._calls > self.faults.dies_after:
            raise InfraLost(f"no {what}: the machine died")
        if self._calls > self.faults.hangs_after:
            self._clock.sleep(ANSWER_S)
            raise DeadlineExceeded(f"no answer to {what} within {ANSWER_S} s")
        self._clock.sleep(self.faults.late_s)
        return start
