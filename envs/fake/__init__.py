"""The fake machine: a small simulated desktop, a backend like the others, with faults to ask for.

It draws real pixels and tells a real tree of them, deterministically by seed. What is recorded on
it is marked a stand-in and never trained on.
"""

from __future__ import annotations

from envs.fake.faults import NAMED, Faults, named
from envs.fake.machine import FakeEnv
from envs.registry import env
from infra.clock import Clock

__all__ = ["NAMED", "FakeEnv", "Faults", "fake"]


@env("fake")
def fake(
    seed: int = 0,
    width: int = 960,
    height: int = 600,
    faults: Faults | str = "",
    clock: Clock | None = None,
) -> FakeEnv:
    """A fake machine with the desktop of `seed`; `faults` is a `Faults` or the name of one."""
    chosen = named(faults) if isinstance(faults, str) else faults
    return FakeEnv(seed, width, height, chosen, clock)
