"""What the fleet asks of a kind of machine: start, look, ask, wake, rest, destroy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from envs.base import Env
from envs.types import Pixels
from infra.errors import Unavailable
from infra.store.rows import Machine, Pool


class NotYet(Unavailable):
    """The machine cannot start yet: what it needs is being made, and then it can."""


class Backend(Protocol):
    """All machines of one kind on this host."""

    def start(self, machine: Machine, pool: Pool) -> None:
        """Bring a new machine to where a lease can wake it.

        Raises NotYet, Unavailable where the host has no room, TrawlError; each leaves nothing.
        """
        ...

    def alive(self) -> set[str]:
        """The UUIDs of the machines whose process is there now, adopted ones included."""
        ...

    def answering(self, uuids: Sequence[str]) -> set[str]:
        """Which of these give a sign of life when asked; the others hang. Bounded in time."""
        ...

    def private_bytes(self, uuid: str) -> int:
        """Memory that only this machine holds; 0 where that is not known."""
        ...

    def wake(self, machine: Machine, fence: int) -> Env:
        """The machine, answering, for the holder of that fence. Raises TrawlError."""
        ...

    def rest(self, uuid: str) -> bool:
        """Make a machine that was used clean and resting again; False where it must be replaced."""
        ...

    def screen(self, uuid: str) -> Pixels:
        """Its screen now: an RGB array of height, width, 3. Raises InfraLost where it is not there."""
        ...

    def view(self, uuid: str) -> int:
        """A descriptor connected to a VNC server of its screen; whoever asks closes it.

        Raises Conflict where machines of this kind have none.
        """
        ...

    def last_screen(self, uuid: str) -> Pixels:
        """The screen of a machine that nobody has driven, without what protected fields show.

        Raises TrawlError where it shows nothing, or nobody can say what is protected on it.
        """
        ...

    def destroy(self, uuid: str) -> None:
        """Remove a machine and everything it holds; nothing there is fine."""
        ...

    def close(self) -> None:
        """Let go of the host; machines that can outlive us stay."""
        ...
