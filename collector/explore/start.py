"""What an explorer is made from: the machine's abilities, the run's memory, where it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from collector.explore.memory import Memory
from envs.actions import Family

Keep = Callable[[int], bool]
"""Freeze the machine as it is, for the graph's node of that number; False where it cannot."""


@dataclass(frozen=True, slots=True)
class Start:
    """One episode's beginnings."""

    seed: int
    family: Family = "desktop"
    isolated: bool = False
    """The machine is a fork without a network that is thrown away."""
    performs: frozenset[str] = frozenset()
    """The machine's actions; empty is all."""
    pages: tuple[str, ...] = ()
    """Addresses to visit."""
    memory: Memory = field(default_factory=Memory)
    recording: str = ""
    keep: Keep | None = None
    """None where the machine cannot be frozen."""
    origin: str = ""
    """The recording and observation that a frozen state was taken from, `ID#NUMBER`."""
    uploads: tuple[str, ...] = ()
    """Names of the machine's own files that a page may be given."""
    steps: int = 0
    """Most steps the episode may take; 0 is not known."""
