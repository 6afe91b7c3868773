"""What the fleet asks of a kind of machine: start, look, wake, destroy."""

from __future__ import annotations

from typing import Protocol

from envs.base import Env
from envs.types import Pixels
from infra.store.rows import Machine, Pool


class Backend(Protocol):
    """All machines of one pool's kind on this host."""

    def start(self, machine: Machine, pool: Pool) -> None:
        """Bring a new machine to where a lease can wake it. Raises TrawlError; leaves nothing."""
        ...

    def alive(self) -> set[str]:
        """The UUIDs of the machines that are there now, adopted ones included."""
        ...

    def wake(self, machine: Machine, fence: int) -> Env:
        """The machine, answering, for the holder of that fence. Raises TrawlError."""
        ...

    def screen(self, uuid: str) -> Pixels:
        """Its screen now: an RGB array of height, width, 3. Raises InfraLost where it is not there."""
        ...

    def destroy(self, uuid: str) -> None:
        """Remove a machine and everything it holds; nothing there is fine."""
        ...

    def close(self) -> None:
        """Let go of the host; machines that can outlive us stay."""
        ...
