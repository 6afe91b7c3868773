"""What holds a guest in: QEMU's own confinement, and that there is nothing to leave by.

Devices are read from the arguments that the kernel says QEMU was started with; what QEMU really
has open, and how, is read besides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.doctor.security.census import Census
from infra.doctor.security.process import Process
from infra.limits import MACHINE_LOG_BYTES

DEVICES: Final = frozenset(
    {
        "isa-serial",
        "virtio-blk-pci",
        "virtio-keyboard-pci",
        "virtio-rng-pci",
        "virtio-serial-pci",
        "virtio-tablet-pci",
        "virtio-vga",
        "virtserialport",
        "vmgenid",
    }
)
"""All that a guest of ours is made of; no network card, no share, no USB is among them."""
LEAVES_BY: Final = ("-netdev", "-nic", "-net", "-virtfs", "-fsdev", "-usb", "-usbdevice")
"""Options that give a guest a network, a folder of the host or a USB port."""
CONSOLES: Final = ("-serial", "-parallel", "-debugcon", "-virtioconsole")
NOWHERE: Final = frozenset({"none", "null"})
TUN: Final = "/dev/net/tun"
OPEN_DEVICES: Final = ("/dev/null", "/dev/urandom", "/dev/kvm", TUN)
"""Devices of the host that are no files; a tunnel is a network's matter."""


def options(process: Process) -> Iterator[tuple[str, str]]:
    """Each option of QEMU with its value; an option without one has an empty value."""
    words = process.command[1:]
    for position, word in enumerate(words):
        if word.startswith("-"):
            following = words[position + 1] if position + 1 < len(words) else ""
            yield word, "" if following.startswith("-") else following


def devices(process: Process) -> list[str]:
    """The driver of each of its devices."""
    found = []
    for option, value in options(process):
        if option == "-device":
            spoken = value.startswith("{")
            found.append(str(json.loads(value)["driver"]) if spoken else value.partition(",")[0])
    return found


def filtered(census: Census) -> str:
    """Whether the system-call filter is on in every thread of every guest."""

    def look(process: Process) -> str | None:
        for task in [process.home, *(process.home / "task").iterdir()]:
            fields = (task / "status").read_text(encoding="utf-8").split("\n")
            if "Seccomp:\t2" not in fields:
                return f"has a thread without a system-call filter: {task.name}"
        return None

    return f"Seccomp: 2 in every thread of {census.each(census.guests, look)} guests"


def powerless(census: Census) -> str:
    """Whether no guest's process can become more than it is."""

    def look(process: Process) -> str | None:
        if process.status["NoNewPrivs"] != "1":
            return "can gain privileges"
        held = [name for name in ("CapEff", "CapPrm") if int(process.status[name], 16)]
        return f"has capabilities: {held[0]} {process.status[held[0]]}" if held else None

    count = census.each(census.guests, look)
    return f"NoNewPrivs: 1, CapEff and CapPrm empty in {count} guests"


def made_of(census: Census) -> str:
    """Whether guests have our devices only: none for a network, a host's folder or USB."""

    def look(process: Process) -> str | None:
        if "-nodefaults" not in process.command:
            return "has QEMU's default devices, a network card among them"
        for option, value in options(process):
            if option in LEAVES_BY and value not in NOWHERE:
                return f"has {option} {value}".rstrip()
            if option == "-machine" and "usb=on" in value.split(","):
                return "has a USB controller"
        strange = sorted(set(devices(process)) - DEVICES)
        return f"has {', '.join(strange)}" if strange else None

    count = census.each(census.guests, look)
    return f"{count} guests have the {len(DEVICES)} known devices: no network card, share or USB"


def unreachable(census: Census) -> str:
    """Whether no guest's process has a socket but unix ones, or a tunnel; VNC has no port."""

    def look(process: Process) -> str | None:
        if strange := process.not_unix():
            return f"has a socket that is no unix socket: inode {strange[0]}"
        if any(str(one.path) == TUN for one in process.opened()):
            return "has a tunnel"
        screens = [value for option, value in options(process) if option in {"-vnc", "-spice"}]
        ported = [value for value in screens if value.partition(",")[0] != "none"]
        return f"shows its screen at {ported[0]}" if ported else None

    count = census.each(census.guests, look)
    return f"{count} guests have unix sockets alone; their VNC has no address"


def own_files(census: Census) -> str:
    """Whether guests hold open only what is theirs, and write only what is theirs alone."""
    home, cache = census.settings.home, census.settings.cache
    tmpfs = Path(f"/dev/shm/trawl-{census.uid}")  # noqa: S108 - where guests' memory lies

    def look(process: Process) -> str | None:
        for one in process.opened():
            path = one.path
            if path is None or str(path) in OPEN_DEVICES:
                continue
            private = f"/trawl-host-{census.uid}-" in str(path)
            shared = path.is_relative_to(cache) or _is_template(path)
            if not private and not shared and not _below(path, home, tmpfs):
                return f"has {path} open"
            if shared and one.writes and path.name != "ram":
                return f"may write {path}, which others read"
        return _shared_memory(process)

    count = census.each(census.guests, look)
    return f"{count} guests: images and templates open for reading, memory of templates private"


def _below(path: Path, *places: Path) -> bool:
    return any(path.is_relative_to(place) for place in places)


def _is_template(path: Path) -> bool:
    return path.name in {"overlay.qcow2", "ram"} and path.parent.parent.name == "templates"


def _shared_memory(process: Process) -> str | None:
    """A complaint where a template's memory is mapped so that a guest's writes reach it."""
    for line in (process.home / "maps").read_text(encoding="utf-8").splitlines():
        fields = line.split(None, 5)
        if len(fields) == 6 and _is_template(Path(fields[5])) and fields[1].endswith("s"):
            return f"writes to the memory of a template: {fields[5]}"
    return None


def bounded(census: Census) -> str:
    """Whether what a guest says stays in bounds: its console a ring, QEMU's log short."""

    def look(process: Process) -> str | None:
        for option, value in options(process):
            if option in CONSOLES and value not in NOWHERE:
                return f"writes a console to {value}"
            kind = value.partition(",")[0]
            if option == "-chardev" and kind not in {"socket", "ringbuf", "null"}:
                return f"has a character device of kind {kind}"
            if option == "-chardev" and ",logfile=" in value:
                return "copies what a guest says into a file"
        for one in process.opened():
            path = one.path
            if path and path.suffix == ".log" and path.stat().st_size > MACHINE_LOG_BYTES:
                return f"has a log of {path.stat().st_size >> 20} MiB"
        return None

    count = census.each(census.guests, look)
    return f"{count} guests: console in a ring, log at most {MACHINE_LOG_BYTES >> 20} MiB"


def no_cores(census: Census) -> str:
    """Whether a crash of QEMU leaves no copy of a guest's memory."""

    def look(process: Process) -> str | None:
        soft, hard = process.core_limits()
        return None if (soft, hard) == ("0", "0") else f"dumps core: limit {soft}, {hard}"

    return f"core limit 0, hard, of {census.each(census.guests, look)} guests"
