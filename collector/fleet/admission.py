"""Whether the host has room for what is wanted, said before anything is started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collector.diversity.plan import Plan
from infra.errors import Unavailable
from infra.hypervisor.room import available_bytes, free_disk_bytes
from infra.settings import Settings
from infra.store.rows import Pool

MIB: Final = 1 << 20
PARKED_BYTES: Final = {"ubuntu": 64 * MIB, "web": 350 * MIB, "fake": MIB}
"""What a resting machine keeps to itself."""
RUNNING_BYTES: Final = {"ubuntu": 320 * MIB, "web": 500 * MIB, "fake": MIB}
"""What one that works grows to before it is recycled."""
TEMPLATE_BYTES: Final = 1100 * MIB
"""A template's memory, shared by its forks."""
OVERLAY_BYTES: Final = 96 * MIB
"""Disk of one fork's overlay and logs."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the host has free."""

    memory_bytes: int
    disk_bytes: int

    @classmethod
    def now(cls, home: Path) -> Room:
        """Read from the kernel; `home` need not exist yet."""
        return cls(available_bytes(), free_disk_bytes(home))


def admit(pools: list[Pool], present: dict[str, int], room: Room, settings: Settings) -> None:
    """Raise Unavailable, with the figures, unless the machines still to come fit.

    `present` counts the machines that are already there, by pool.
    """
    missing = {p.name: max(0, p.count - present.get(p.name, 0)) for p in pools}
    kinds = {p.kind for p in pools if missing[p.name]}
    if not kinds:
        return
    memory = sum(missing[p.name] * PARKED_BYTES.get(p.kind, 64 * MIB) for p in pools)
    memory += settings.running * max(RUNNING_BYTES.get(kind, 0) for kind in kinds)
    memory += sum(_templates(p) for p in pools if p.kind == "ubuntu" and missing[p.name])
    disk = sum(missing[p.name] for p in pools if p.kind == "ubuntu") * OVERLAY_BYTES
    _enough("memory", memory, room.memory_bytes, settings.memory_floor_bytes)
    _enough("disk", disk, room.disk_bytes, settings.disk_floor_bytes)


def _templates(pool: Pool) -> int:
    """What the templates of a pool's desktops hold."""
    plan = Plan.of(pool.settings)
    return TEMPLATE_BYTES if plan is None else TEMPLATE_BYTES + plan.memory_bytes()


def _enough(what: str, need: int, free: int, floor: int) -> None:
    if need + floor > free:
        raise Unavailable(
            f"not enough {what}: the machines to come need {need // MIB} MiB and"
            f" {floor // MIB} MiB must stay free, {free // MIB} MiB are",
            "lower the pools' counts, or free some",
            what,
        )
