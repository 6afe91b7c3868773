"""The checks of a host: programs, acceleration, room, places, and what was made on it already."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path
from typing import Final

from infra.doctor import programs
from infra.doctor.check import Probe
from infra.errors import Unavailable
from infra.hypervisor import room
from infra.settings import Settings

GIB: Final = 1024**3
SHM: Final = Path("/dev/shm")  # noqa: S108 - the tmpfs that templates are loaded into
TEMPLATE_BYTES: Final = GIB
IMAGE_BYTES: Final = 6 * GIB
"""Free space that building an image and its template takes, with room for a first run."""


def host_probes(settings: Settings) -> list[Probe]:
    """Every check of this host, the quick ones first."""
    apt = "apt-get install "
    return [
        Probe("home", partial(writable, settings.home), "set TRAWL_HOME"),
        Probe("cache", partial(writable, settings.cache), "set TRAWL_CACHE"),
        Probe("disk", partial(disk, settings), "free some, or set TRAWL_HOME and TRAWL_CACHE"),
        Probe("memory", partial(memory, settings), "end other programs"),
        Probe("shared memory", shared_memory, "mount -o remount,size=4G /dev/shm"),
        Probe("acceleration", partial(acceleration, settings.accel), weight="told"),
        Probe("qemu", programs.qemu, apt + "qemu-system-x86"),
        Probe("libvirt", programs.libvirt, apt + "libvirt-daemon libvirt-daemon-driver-qemu"),
        Probe("chromium", programs.chromium, apt + "chromium"),
        Probe("image tools", programs.image_tools, apt + "mmdebstrap uidmap e2fsprogs qemu-utils"),
        Probe("fonts", programs.fonts, apt + "fonts-dejavu-core fonts-noto-cjk"),
        Probe("image", partial(image, settings), f"trawl image build {settings.image}", "made"),
    ]


def writable(directory: Path) -> str:
    """Whether this user may make and change files in `directory`, which may not exist yet."""
    nearest = _nearest(directory)
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise Unavailable(f"{nearest} is not writable by uid {os.geteuid()}")
    return str(directory)


def disk(settings: Settings) -> str:
    """Whether data and images have room above the floor."""
    wanted = {"home": 0, "cache": 0 if _has_image(settings) else IMAGE_BYTES}
    seen = []
    for what, needed in wanted.items():
        nearest = _nearest(getattr(settings, what))
        room.check_disk(nearest, needed, settings.disk_floor_bytes, what)
        seen.append(f"{what} {_gib(shutil.disk_usage(nearest).free)} free")
    return ", ".join(seen)


def memory(settings: Settings) -> str:
    """Whether one machine fits above the floor."""
    room.check_memory(TEMPLATE_BYTES, settings.memory_floor_bytes, "a machine")
    return f"{_gib(room.available_bytes())} available"


def shared_memory() -> str:
    """Whether a template's memory fits into the tmpfs that forks share it from."""
    usage = shutil.disk_usage(SHM)
    if usage.total < 2 * TEMPLATE_BYTES:
        raise Unavailable(f"{SHM} holds {_gib(usage.total)}, {_gib(2 * TEMPLATE_BYTES)} needed")
    return f"{SHM} {_gib(usage.free)} free of {_gib(usage.total)}"


def acceleration(wanted: str) -> str:
    """How guests will run."""
    if room.accel(wanted) == "kvm":
        return "hardware (kvm)"
    if wanted == "tcg":
        return "emulation (tcg), as set"
    if not room.has_virtualisation():
        return "emulation (tcg): the processor offers no vmx or svm"
    return "emulation (tcg): /dev/kvm is not this user's to open"


def image(settings: Settings) -> str:
    """Whether the image that desktop machines start from was built."""
    from infra import images

    found = images.find(settings.image, settings.cache)
    return f"{found.name} {found.sha256[:12]}"


def _nearest(directory: Path) -> Path:
    """The directory itself, or the nearest one above it that exists."""
    return next(place for place in (directory, *directory.parents) if place.exists())


def _has_image(settings: Settings) -> bool:
    return any((settings.cache / "images").glob(f"{settings.image}-*/manifest.json"))


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / GIB:.1f} GiB"
