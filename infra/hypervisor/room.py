"""Whether this host has room for one more machine, and how it can run one. Asked before starting."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from infra.errors import Unavailable


def accel(wanted: str = "auto") -> str:
    """`kvm` or `tcg`.

    The device alone proves nothing: it can be opened where the processor has no virtualisation,
    and then runs a guest a hundred times too slowly. Raises Unavailable where kvm was demanded.
    """
    if wanted == "tcg":
        return "tcg"
    usable = has_virtualisation() and os.access("/dev/kvm", os.R_OK | os.W_OK)
    if wanted == "kvm" and not usable:
        raise Unavailable(
            "this host has no usable hardware virtualisation",
            "set accel to auto, or join the group kvm where the processor has vmx or svm",
            "kvm",
        )
    return "kvm" if usable else "tcg"


def has_virtualisation() -> bool:
    """Whether the processor itself offers vmx or svm."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return bool({"vmx", "svm"} & set(flags.split()))


def available_bytes() -> int:
    """Memory that new work can have without swapping."""
    return _memory_bytes("MemAvailable:")


def memory_bytes() -> int:
    """All memory of this host."""
    return _memory_bytes("MemTotal:")


def _memory_bytes(what: str) -> int:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) * 1024
    return 0


def free_disk_bytes(place: Path) -> int:
    """What is free on the file system of `place`, which need not exist yet."""
    return shutil.disk_usage(_existing(place)).free


def disk_bytes(place: Path) -> int:
    """All of the file system of `place`, which need not exist yet."""
    return shutil.disk_usage(_existing(place)).total


def _existing(place: Path) -> Path:
    return next(path for path in (place, *place.parents) if path.exists())


def check_memory(needed_bytes: int, floor_bytes: int, what: str) -> None:
    """Raise Unavailable unless `needed_bytes` fit and leave the floor free."""
    free = available_bytes()
    if free < needed_bytes + floor_bytes:
        raise Unavailable(
            f"{what} needs {needed_bytes >> 20} MiB of memory and {floor_bytes >> 20} MiB are kept"
            f" free; {free >> 20} MiB are available",
            "stop machines, or lower memory_floor_bytes",
            what,
        )


def check_disk(place: Path, needed_bytes: int, floor_bytes: int, what: str) -> None:
    """Raise Unavailable unless `needed_bytes` fit below `place` and leave the floor free."""
    free = shutil.disk_usage(place).free
    if free < needed_bytes + floor_bytes:
        raise Unavailable(
            f"{what} needs {needed_bytes >> 20} MiB below {place} and {floor_bytes >> 20} MiB are"
            f" kept free; {free >> 20} MiB are there",
            "make room, or lower disk_floor_bytes",
            str(place),
        )
