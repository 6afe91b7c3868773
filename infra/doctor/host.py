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
        Probe("template", partial(template, settings), "trawl image warm", "made"),
    ]


def writable(directory: Path) -> str:
    """Whether this user may make and change files in `directory`, which may not exist yet."""
    nearest = next(place for place in (directory, *directory.parents) if place.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise Unavailable(f"{nearest} is not writable by uid {os.geteuid()}")
    return str(directory)


def disk(settings: Settings) -> str:
    """Whether data and images have room above the floor."""
    seen = []
    for what, place, extra in (
        ("home", settings.home, 0),
        ("cache", settings.cache, 0 if _has_image(settings) else IMAGE_BYTES),
    ):
        nearest = next(p for p in (place, *place.parents) if p.exists())
        free = shutil.disk_usage(nearest).free
        wanted = settings.disk_floor_bytes + extra
        if free < wanted:
            raise Unavailable(f"{what}: {_gib(free)} free of {_gib(wanted)} needed at {nearest}")
        seen.append(f"{what} {_gib(free)} free")
    return ", ".join(seen)


def memory(settings: Settings) -> str:
    """Whether one machine fits above the floor."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvail"))
    wanted = settings.memory_floor_bytes + TEMPLATE_BYTES
    if available < wanted:
        raise Unavailable(f"{_gib(available)} available, {_gib(wanted)} needed")
    return f"{_gib(available)} available"


def shared_memory() -> str:
    """Whether a template's memory fits into the tmpfs that forks share it from."""
    usage = shutil.disk_usage(SHM)
    if usage.total < 2 * TEMPLATE_BYTES:
        raise Unavailable(f"{SHM} holds {_gib(usage.total)}, {_gib(2 * TEMPLATE_BYTES)} needed")
    return f"{SHM} {_gib(usage.free)} free of {_gib(usage.total)}"


def acceleration(wanted: str) -> str:
    """How guests will run. `/dev/kvm` alone is no proof: the processor's flags must agree."""
    flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split())
    usable = bool(flags & {"vmx", "svm"}) and os.access("/dev/kvm", os.R_OK | os.W_OK)
    if wanted == "kvm" and not usable:
        raise Unavailable("hardware was asked for and is not usable", "set TRAWL_ACCEL=auto")
    if usable and wanted != "tcg":
        return "hardware (kvm)"
    why = "as set" if wanted == "tcg" else "no vmx or svm flag" if not usable else ""
    if wanted != "tcg" and flags & {"vmx", "svm"}:
        why = "/dev/kvm is not this user's to open"
    return f"emulation (tcg): {why}"


def image(settings: Settings) -> str:
    """Whether the image that desktop machines start from was built."""
    from infra import images

    found = images.find(settings.image, settings.cache)
    return f"{found.name} {found.sha256[:12]}"


def template(settings: Settings) -> str:
    """Whether that image was warmed and frozen."""
    from infra import images

    found = images.find(settings.image, settings.cache)
    directory = settings.cache / "templates" / found.directory.name
    if not (directory / "template.json").is_file():
        raise Unavailable(f"none of {found.directory.name}")
    return directory.name


def _has_image(settings: Settings) -> bool:
    return any((settings.cache / "images").glob(f"{settings.image}-*/manifest.json"))


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / GIB:.1f} GiB"
