"""What a host has in all, and whether new work may start on it now."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import Final

from infra.hypervisor.room import available_bytes
from infra.settings import Settings

GIB: Final = 1 << 30
EPISODE_BYTES: Final = 64 << 20
"""Disk that a recording may take before anybody looks again."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """Machines that may be awake at once, memory in all, disk free."""

    running: int = 1
    memory_bytes: int = GIB
    disk_bytes: int = GIB

    @classmethod
    def now(cls, settings: Settings) -> Capacity:
        """Of the host that this process runs on."""
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return cls(settings.running, memory, shutil.disk_usage(settings.home).free)


def refusal(settings: Settings) -> str:
    """Why no new episode may start now; empty where it may."""
    free = shutil.disk_usage(settings.home).free
    if free < settings.disk_floor_bytes + EPISODE_BYTES:
        return (
            f"{free >> 20} MiB of disk are free below {settings.home} and"
            f" {settings.disk_floor_bytes >> 20} MiB are kept free"
        )
    memory = available_bytes()
    if memory < settings.memory_floor_bytes:
        return (
            f"{memory >> 20} MiB of memory are available and"
            f" {settings.memory_floor_bytes >> 20} MiB are kept free"
        )
    return ""
