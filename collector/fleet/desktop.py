"""Desktop machines: paused forks of a warmed template, resumed by a lease."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from collector.diversity.plan import Plan
from collector.fleet.wardrobe import Dresser, Wardrobe
from envs.base import Env
from envs.types import Pixels
from envs.ubuntu import egress
from envs.ubuntu.branches import OWNER, States
from infra.clock import Clock
from infra.errors import Corrupt, InfraLost, TrawlError
from infra.hypervisor import Domain, Host, Template
from infra.hypervisor.blueprint import Blueprint
from infra.ids import RandomIds
from infra.settings import Settings
from infra.store.rows import Machine, Pool

FLEET: Final = "trawl-fleet"
"""Written into each domain, so that an adopting controller knows its own."""

DRESSED: Final = "dressed"
"""Written too: whether it began from a look that only this controller held."""
LIST_EVERY_S: Final = 30.0
"""The driver's own list is read so often; between, the known processes are looked at."""
ANSWER_S: Final = 2.0
ASKERS: Final = 32


class DesktopBackend:
    """The forks of this host; it alone holds the hypervisor's connection."""

    def __init__(self, host: Host, cache: Path, clock: Clock) -> None:
        self._host, self._cache, self._clock = host, cache, clock
        self._domains: dict[str, Domain] = {}
        self._templates: dict[str, Template] = {}
        ids = RandomIds(clock)
        self._states = States(host, clock, ids)
        self._dresser = Dresser(host, cache, clock, ids)
        self._wardrobe = Wardrobe(self._dresser.make, self._dresser.drop, self._is_used)
        self._numbers: dict[str, int] = {}
        self._listed_s = float("-inf")

    @classmethod
    def of_home(cls, settings: Settings, clock: Clock, wake: Callable[[], None]) -> DesktopBackend:
        """Over the hypervisor below the home; `wake` is called when a machine starts or ends."""
        host = Host(
            settings.home / "hypervisor",
            clock,
            settings.accel,
            settings.memory_floor_bytes,
            settings.disk_floor_bytes,
        )
        host.open()
        for domain in host.domains():  # whoever drove or dressed these went with its controller
            if OWNER in domain.owner or domain.owner.get(DRESSED):
                domain.destroy()
        host.on_change(wake)
        return cls(host, settings.cache, clock)

    def _template(self, image: str) -> Template:
        from envs.ubuntu import template

        held = self._templates.get(image)
        if held is None or not held.ram.exists():  # somebody may have emptied the memory's place
            directory = template.find(image, self._cache)
            held = self._templates[image] = self._host.load_template(directory)
        return held

    def start(self, machine: Machine, pool: Pool) -> None:
        """Fork the template, or that of the next row of the pool's design; the fork stays paused.

        Raises Unavailable while the row's template is being made.
        """
        plan, number = Plan.of(pool.settings), self._numbers.get(pool.name, 0)
        owner = {
            "fleet": FLEET, "pool": pool.name, DRESSED: plan is not None,
            **egress.mark(pool.settings.get(egress.NETWORK, ())),
        }  # fmt: skip
        if plan is None:
            template = self._template(pool.image)
        else:
            template = self._wardrobe.template(pool.image, plan.dress(number), plan.live)
        try:
            fork = self._host.fork(template, machine.name, machine.uuid, owner)
        except Corrupt:  # the next start has it loaded, or made, anew
            self._templates.pop(pool.image, None)
            self._wardrobe.forget(template)
            raise
        self._domains[machine.uuid] = fork
        self._numbers[pool.name] = number + 1

    def _is_used(self, template: Template) -> bool:
        """Whether a machine began from it."""
        return any(
            Blueprint.load(domain.place).origin.template == template.sha256
            for domain in list(self._domains.values())
        )

    def alive(self) -> set[str]:
        """Every fork of ours whose process is there, whoever started it."""
        if self._clock.monotonic_s() - self._listed_s > LIST_EVERY_S:
            self._listed_s = self._clock.monotonic_s()
            for domain in self._host.domains():
                # A monitor takes one client: a machine that is known keeps the object that holds it.
                if domain.owner.get("fleet") == FLEET:
                    self._domains.setdefault(domain.uuid, domain)
        return {uuid for uuid, domain in list(self._domains.items()) if domain.is_alive()}

    def answering(self, uuids: Sequence[str]) -> set[str]:
        """Those whose QEMU answers its monitor: one that is stopped reads as running and does not."""

        def asks(uuid: str) -> bool:
            try:
                self._domain(uuid).monitor.execute("query-status", within_s=ANSWER_S)
            except TrawlError:
                return False
            return True

        with ThreadPoolExecutor(ASKERS) as pool:
            return {uuid for uuid, yes in zip(uuids, pool.map(asks, uuids), strict=True) if yes}

    def private_bytes(self, uuid: str) -> int:
        """Memory of the fork's process that is not the template's."""
        try:
            return self._domain(uuid).stats().private_bytes
        except InfraLost:
            return 0

    def rest(self, uuid: str) -> bool:
        """Never: a fork that was used is replaced, so that every episode starts clean."""
        del uuid
        return False

    def wake(self, machine: Machine, fence: int) -> Env:
        """Resume it, give it its identity, wait for a live answer."""
        from envs import ubuntu

        domain = self._domain(machine.uuid)
        facts = ubuntu.Facts.of(domain)
        env = ubuntu.wake(domain, fence, clock=self._clock, hostname=machine.name, facts=facts)
        for template in [*self._templates.values(), *self._wardrobe.held()]:
            if template.sha256 == facts.template:
                env.begun_from(self._states, template)
        return env

    def screen(self, uuid: str) -> Pixels:
        """Its screen as the host sees it; a paused fork shows its last picture."""
        return self._domain(uuid).screendump()

    def view(self, uuid: str) -> int:
        """A descriptor of its QEMU's own VNC server, which listens nowhere."""
        return self._domain(uuid).view()

    def last_screen(self, uuid: str) -> Pixels:
        """The same: nobody typed anything into a fork that was never driven."""
        return self.screen(uuid)

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
        """Let go of the connection and of the frozen states; the forks stay."""
        self._dresser.closing.set()
        self._wardrobe.close()
        self._states.close()
        self._host.close()
