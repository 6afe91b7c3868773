"""The frozen states of one host's desktops, held in memory, and the machines begun from them.

A state is a running desktop as it was at one moment: screen, programs, tree. A machine that begins
from one needs half a second and has memory of its own, so that it can be frozen again. What is
forked here is no machine of the fleet: it lives as long as whoever asked for it keeps it open.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final

from envs.tree import Mirror
from envs.ubuntu import egress
from envs.ubuntu.facts import Facts
from envs.ubuntu.machine import UbuntuEnv
from envs.ubuntu.waking import wake
from infra.clock import Clock
from infra.errors import NotFound
from infra.hypervisor import Domain, Host, Template
from infra.ids import Ids

OWNER: Final = "branch_of"
"""Written into a fork's domain: the machine on whose behalf it runs."""


class States:
    """Frozen states by name; safe to share between threads."""

    def __init__(self, host: Host, clock: Clock, ids: Ids) -> None:
        self._host, self._clock, self._ids = host, clock, ids
        self._held: dict[str, Template] = {}
        self._lock = threading.Lock()

    def freeze(self, domain: Domain, mirror: Mirror) -> str:
        """Hold what that machine is; the name. Raises Conflict, Unavailable."""
        about = Facts.of(domain).desktop.now(mirror.stacking(), mirror.remember()).as_record()
        name = self._ids.uuid()
        state = self._host.checkpoint(domain, name, about)
        with self._lock:
            self._held[name] = state
        return name

    def named(self, name: str) -> Template:
        """The state of that name. Raises NotFound."""
        with self._lock:
            if name not in self._held:
                raise NotFound(f"no frozen state {name}", subject=name)
            return self._held[name]

    def forget(self, name: str) -> None:
        """Let a state go; nothing there is fine."""
        with self._lock:
            state = self._held.pop(name, None)
        if state is not None:
            self._host.discard(state)

    def fork(
        self, template: Template, machine: str, fence: int, network: Sequence[str] = ()
    ) -> UbuntuEnv:
        """A machine that begins from there, awake, reaching those hosts; destroyed when closed."""
        uuid = self._ids.uuid()
        domain = self._host.fork(
            template,
            f"branch-{uuid[:8]}",
            uuid,
            {OWNER: machine, **egress.mark(network)},
            freezable=True,
        )
        try:
            facts = Facts.of(domain)
            env = wake(domain, fence, clock=self._clock, ids=self._ids, facts=facts)
        except BaseException:
            domain.destroy()
            raise
        env.begun_from(self, template)
        env.on_close = domain.destroy
        return env

    def close(self) -> None:
        """Let all of them go."""
        for name in list(self._held):
            self.forget(name)
