"""What a seed draws: how large a fleet, how much work, and what goes wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """The likelihood of each fault at a turn of the world, and the size of everything."""

    machines: int
    episodes: int
    steps: int
    kills: float = 0.0
    hangs: float = 0.0
    bad_starts: float = 0.0
    no_room: float = 0.0
    bad_wakes: float = 0.0
    lost_answers: float = 0.0
    crashes: float = 0.0
    crashes_in_commits: float = 0.0
    jumps: float = 0.0
    cancels: float = 0.0
    scales: float = 0.0

    @classmethod
    def drawn(cls, rng: random.Random) -> Plan:
        """Each fault happens in some worlds and not in others, so that none hides another."""

        def often(most: float) -> float:
            return rng.random() * most if rng.random() < 0.5 else 0.0

        return cls(
            machines=rng.randint(1, 4), episodes=rng.randint(1, 4), steps=rng.randint(1, 3),
            kills=often(0.1), hangs=often(0.1), bad_starts=often(0.5), no_room=often(0.3),
            bad_wakes=often(0.3), lost_answers=often(0.1), crashes=often(0.05),
            crashes_in_commits=often(0.02), jumps=often(0.05), cancels=often(0.01),
            scales=often(0.05),
        )  # fmt: skip
