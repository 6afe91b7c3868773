"""What the benches of real machines share: a host of their own and the warmed template."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from envs.tree import Mirror
from envs.ubuntu import template as templates
from envs.ubuntu.channel import Channel
from infra import settings
from infra.clock import SystemClock
from infra.hypervisor import Domain, Host, Template, private_root
from infra.ids import RandomIds

CLOCK = SystemClock()
IDS = RandomIds()


@dataclass(frozen=True, slots=True)
class Bench:
    """A host of this process, and the template that machines fork from."""

    host: Host
    template: Template
    scratch: Path

    @contextmanager
    def fork(self, template: Template | None = None) -> Iterator[Domain]:
        """A paused fork, destroyed afterwards."""
        uuid = IDS.uuid()
        domain = self.host.fork(template or self.template, f"bench-{uuid[:8]}", uuid)
        try:
            yield domain
        finally:
            domain.destroy()


@contextmanager
def opened() -> Iterator[Bench]:
    """A bench's host; nothing of it is left afterwards."""
    chosen = settings.load()
    directory = templates.find(chosen.image, chosen.cache)
    scratch = Path(tempfile.mkdtemp(prefix="trawl-bench-"))
    try:
        with Host(private_root(), CLOCK, chosen.accel) as host:
            yield Bench(host, host.load_template(directory), scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def hello(domain: Domain, within_s: float = 300.0) -> None:
    """Wait for the agent's answer."""
    channel = Channel(lambda left: domain.connect("agent", left), CLOCK, IDS)
    try:
        channel.hello(1, within_s)
    finally:
        channel.close()


def first_tree(domain: Domain, within_s: float = 120.0) -> float:
    """Seconds to open a mirror of the machine and read one whole tree."""
    start = CLOCK.monotonic_s()
    mirror = Mirror(lambda left: domain.connect("atspi", left), CLOCK, 1280, 800)
    try:
        mirror.open(within_s)
        mirror.tree()
    finally:
        mirror.close()
    return CLOCK.monotonic_s() - start


def until_screen(domain: Domain, wanted: NDArray[np.uint8], within_s: float = 120.0) -> None:
    """Wait until the screen equals `wanted`, every pixel of it."""
    end = CLOCK.monotonic_s() + within_s
    while not np.array_equal(domain.screendump(), wanted):
        assert CLOCK.monotonic_s() < end, "the screen never became the template's"
        CLOCK.sleep(0.005)


def p50(values: list[float], digits: int = 3) -> float:
    """The median, rounded."""
    return round(statistics.median(values), digits)
