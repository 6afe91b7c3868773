"""Machines that are objects of this process: browsers, and the fake machine.

They end with the controller, so after a restart there is none to adopt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from collector.diversity import browsers
from envs import registry
from envs.base import Env
from envs.recording.redact import redact
from envs.types import Observation, Pixels
from infra.errors import Conflict, HostileInput, InfraLost, TrawlError
from infra.store.rows import Machine, Pool


def spread(settings: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The settings of a pool's machine of that number.

    `spread` maps a setting to a list; machine n takes its item n modulo the list's length, so
    that lists of lengths without a common factor meet in every combination. `looks = true` gives
    machine n the next row of the browsers' design, but for what is set beside it.
    """
    plain = {k: v for k, v in settings.items() if k not in ("spread", browsers.KEY)}
    if settings.get(browsers.KEY):
        plain = browsers.settings(number) | plain
    lists = settings.get("spread", {})
    return plain | {key: values[number % len(values)] for key, values in lists.items() if values}


class LocalBackend:
    """Machines of one kind, opened by `envs.registry`.

    One that gives no sign of life but a hostile answer is closed as any other, and `hostile` told.
    """

    def __init__(self, kind: str, hostile: Callable[[], None] = lambda: None) -> None:
        self._kind, self._hostile = kind, hostile
        self._envs: dict[str, Env] = {}
        self._settings: dict[str, dict[str, Any]] = {}
        self._awake: set[str] = set()
        self._lock = threading.Lock()
        self._started = 0

    def start(self, machine: Machine, pool: Pool) -> None:
        """Open one with the pool's settings; of a `spread` each machine takes the next values."""
        settings = spread(pool.settings, self._started)
        self._started += 1
        env = registry.open_env(self._kind, **settings)
        with self._lock:
            self._envs[machine.uuid] = env
            self._settings[machine.uuid] = settings

    def alive(self) -> set[str]:
        """Those that are open."""
        with self._lock:
            return set(self._envs)

    def answering(self, uuids: Sequence[str]) -> set[str]:
        """Those that answer; one that does not is closed, and one at work answers its driver."""
        with self._lock:
            asked = {u: self._envs[u] for u in uuids if u in self._envs and u not in self._awake}
        answered = set()
        for uuid, env in asked.items():
            try:
                env.health()
                answered.add(uuid)
            except TrawlError as error:
                if isinstance(error, HostileInput):
                    self._hostile()
                self.destroy(uuid)
        return answered

    def private_bytes(self, uuid: str) -> int:
        """Not known: a browser's memory is that of many processes."""
        del uuid
        return 0

    def rest(self, uuid: str) -> bool:
        """Close what was used and open the same anew."""
        with self._lock:
            settings = self._settings.get(uuid)
        if settings is None:
            return False
        self.destroy(uuid)
        env = registry.open_env(self._kind, **settings)
        with self._lock:
            self._envs[uuid], self._settings[uuid] = env, settings
        return True

    def wake(self, machine: Machine, fence: int) -> Env:
        """The open machine, after a live answer."""
        del fence
        env = self._env(machine.uuid)
        with self._lock:
            self._awake.add(machine.uuid)
        env.health()
        return env

    def screen(self, uuid: str) -> Pixels:
        """Its screen now, between two of its driver's calls."""
        return self._env(uuid).screen().pixels

    def view(self, uuid: str) -> int:
        """None: what lives in this process has no VNC server. Raises Conflict."""
        raise Conflict(
            f"a machine of kind {self._kind} has no console", "its screen can be looked at", uuid
        )

    def last_screen(self, uuid: str) -> Pixels:
        """The screen between two trees, black where one of them has something protected."""
        env = self._env(uuid)
        before, screen, after = env.tree(), env.screen(), env.tree()
        return redact(Observation(screen, after, stable=False), [before]).observation.screen.pixels

    def _env(self, uuid: str) -> Env:
        with self._lock:
            env = self._envs.get(uuid)
        if env is None:
            raise InfraLost(f"machine {uuid} is not there", subject=uuid)
        return env

    def destroy(self, uuid: str) -> None:
        """Close it."""
        with self._lock:
            env = self._envs.pop(uuid, None)
            self._settings.pop(uuid, None)
            self._awake.discard(uuid)
        if env is not None:
            env.close()

    def close(self) -> None:
        """Close all of them: they cannot outlive this process."""
        for uuid in list(self._envs):
            self.destroy(uuid)
