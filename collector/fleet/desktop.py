"""Desktop machines: paused forks of a warmed template, resumed by a lease."""

from __future__ import annotations

from typing import Final

from envs.base import Env
from envs.types import Pixels
from infra.clock import Clock
from infra.errors import InfraLost
from infra.hypervisor import Domain, Host, Template
from infra.settings import Settings
from infra.store.rows import Machine, Pool

FLEET: Final = "trawl-fleet"
"""Written into each domain, so that an adopting controller knows its own."""


class DesktopBackend:
    """The forks of this host; it alone holds the hypervisor's connection."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._host = Host(
            settings.home / "hypervisor",
            clock,
            settings.accel,
            settings.memory_floor_bytes,
            settings.disk_floor_bytes,
        )
        self._host.open()
        self._domains: dict[str, Domain] = {}
        self._templates: dict[str, Template] = {}

    def _template(self, image: str) -> Template:
        from envs.ubuntu import template

        if image not in self._templates:
            directory = template.find(image, self._settings.cache)
            self._templates[image] = self._host.load_template(directory)
        return self._templates[image]

    def start(self, machine: Machine, pool: Pool) -> None:
        """Fork the template; the fork stays paused."""
        owner = {"fleet": FLEET, "pool": pool.name}
        template = self._template(pool.image)
        fork = self._host.fork(template, machine.name, machine.uuid, owner)
        self._domains[machine.uuid] = fork

    def alive(self) -> set[str]:
        """Every fork of ours whose process is there, whoever started it."""
        listed = [d for d in self._host.domains() if d.owner.get("fleet") == FLEET]
        # A monitor takes one client: a machine that is known keeps the object that holds it.
        self._domains = {d.uuid: self._domains.get(d.uuid, d) for d in listed}
        return {uuid for uuid, domain in self._domains.items() if domain.is_alive()}

    def wake(self, machine: Machine, fence: int) -> Env:
        """Resume it, give it its identity, wait for a live answer."""
        from envs import ubuntu

        domain = self._domain(machine.uuid)
        return ubuntu.wake(domain, fence, clock=self._clock, hostname=machine.name)

    def screen(self, uuid: str) -> Pixels:
        """Its screen as the host sees it; a paused fork shows its last picture."""
        return self._domain(uuid).screendump()

    def _domain(self, uuid: str) -> Domain:
        domain = self._domains.get(uuid)
        if domain is None:
            raise InfraLost(f"machine {uuid} is not there", subject=uuid)
        return domain

    def destroy(self, uuid: str) -> None:
        """End its process and remove its overlay and sockets."""
        domain = self._domains.pop(uuid, None)
        if domain is not None:
            domain.destroy()

    def close(self) -> None:
        """Let go of the connection; the forks stay."""
        self._host.close()
