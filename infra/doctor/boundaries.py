"""What keeps guests, pages and other users out, each boundary looked at on this host now.

A boundary of something that does not run at the moment says so: `none runs` is not a proof.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from infra.doctor.check import Probe
from infra.errors import Conflict
from infra.settings import Settings

PROC: Final = Path("/proc")
LISTENING: Final = "0A"
HANDS_OVER: Final = frozenset({"runuser", "setpriv", "su", "sudo"})
"""Root's own programs that start ours as somebody else and wait."""
PROFILE: Final = "/trawl-web-"
"""What a browser's own directory begins with."""
PRIVATE: Final = ("run", "hypervisor", "trawl.db")


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this host, as /proc shows it."""

    pid: int
    uid: int
    command: tuple[str, ...]

    @property
    def program(self) -> str:
        """The file name of what runs."""
        return Path(self.command[0]).name

    def sockets(self) -> set[str]:
        """The inodes of its open sockets; empty where we may not look."""
        found = set()
        try:
            for link in (PROC / str(self.pid) / "fd").iterdir():
                target = str(link.readlink())
                if target.startswith("socket:["):
                    found.add(target[8:-1])
        except OSError:
            return found
        return found


def boundary_probes(settings: Settings) -> list[Probe]:
    """Every boundary that can be looked at from the host."""
    return [
        Probe("not root", partial(not_root, settings), "end them; start as an ordinary user"),
        Probe("guests have no network", partial(no_network, settings), "end that machine"),
        Probe("guests are confined", partial(confined, settings), "end that machine"),
        Probe("no open port", partial(no_port, settings), "end that process"),
        Probe("browsers are sandboxed", partial(sandboxed, settings), "end that browser"),
        Probe(
            "data is this user's", partial(private, settings), f"chmod -R go-rwx {settings.home}"
        ),
        Probe("templates are private", partial(templates, settings), "chmod 700 its directory"),
    ]


def processes() -> Iterator[Process]:
    """Every process of this host that has a command line."""
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            raw = (entry / "cmdline").read_bytes()
            uid = entry.stat().st_uid
        except OSError:
            continue  # it ended while we looked
        command = tuple(raw.decode(errors="replace").rstrip("\0").split("\0"))
        if command[0]:
            yield Process(int(entry.name), uid, command)


def ours(settings: Settings, found: Iterator[Process] | None = None) -> list[Process]:
    """The processes that work in our places: controller, machines, browsers."""
    places = (f"{settings.home}/", f"{settings.cache}/", PROFILE)
    return [
        process
        for process in (processes() if found is None else found)
        if process.pid != os.getpid()
        and any(place in word for word in process.command for place in places)
    ]


def _running(settings: Settings, program: str) -> list[Process]:
    return [process for process in ours(settings) if process.program.startswith(program)]


def not_root(settings: Settings) -> str:
    """Whether no process of ours, this one included, has root's rights."""
    found = ours(settings)
    raised = [p for p in found if p.uid == 0 and p.program not in HANDS_OVER]
    if os.geteuid() == 0:
        raise Conflict("this command runs as root", "runuser -u trawl -- trawl doctor --security")
    if raised:
        names = ", ".join(f"{process.program} ({process.pid})" for process in raised)
        raise Conflict(f"as root: {names}")
    return f"uid {os.geteuid()}; {len(found)} processes of ours seen in /proc, none of root"


def no_network(settings: Settings) -> str:
    """Whether no running guest has a network card."""
    found = _running(settings, "qemu-system")
    for process in found:
        words = " ".join(process.command)
        if re.search(r" -netdev |virtio-net|e1000|rtl8139|-nic (?!none)", words):
            raise Conflict(f"guest {process.pid} has a network card")
    return _seen(found, "command line names no network card")


def confined(settings: Settings) -> str:
    """Whether QEMU's own system-call filter is on, as the kernel reports it."""
    found = _running(settings, "qemu-system")
    for process in found:
        status = (PROC / str(process.pid) / "status").read_text(encoding="utf-8")
        if "Seccomp:\t2" not in status:
            raise Conflict(f"guest {process.pid} runs without a system-call filter")
        if "CapEff:\t0000000000000000" not in status:
            raise Conflict(f"guest {process.pid} has capabilities")
    return _seen(found, "seccomp filter on, no capabilities")


def no_port(settings: Settings) -> str:
    """Whether nothing of ours listens beyond this host's loopback."""
    open_ports = dict(_listening())
    found = ours(settings)
    for process in found:
        for inode in process.sockets() & open_ports.keys():
            raise Conflict(f"{process.program} ({process.pid}) listens on {open_ports[inode]}")
    return _seen(found, "no TCP socket listens beyond loopback")


def _listening() -> Iterator[tuple[str, str]]:
    """Inode and address of each TCP socket that listens on more than loopback."""
    for name in ("tcp", "tcp6"):
        path = PROC / "net" / name
        if not path.exists():
            continue
        for line in path.read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            address = fields[1].rpartition(":")[0]
            loopback = address.endswith("7F") if len(address) == 8 else _loopback6(address)
            if fields[3] == LISTENING and not loopback:
                yield fields[9], fields[1]


def _loopback6(address: str) -> bool:
    return address in {"0" * 24 + "01000000", "0" * 16 + "FFFF00000100007F"}


def sandboxed(settings: Settings) -> str:
    """Whether no browser of ours was started without its sandbox."""
    found = [process for process in ours(settings) if "chrom" in process.program]
    for process in found:
        if any(
            word.startswith(("--no-sandbox", "--disable-web-security")) for word in process.command
        ):
            raise Conflict(f"browser {process.pid} runs without its sandbox")
    return _seen(found, "no flag takes the sandbox away")


def private(settings: Settings) -> str:
    """Whether other users cannot reach sockets, machines and the database."""
    looked = []
    for name in PRIVATE:
        path = settings.home / name
        if path.exists():
            _refuse_others(path)
            looked.append(name)
    memory = Path(f"/dev/shm/trawl-{os.geteuid()}")  # noqa: S108 - where guests' memory lies
    for place in filter(Path.exists, (memory, *(settings.home / "run").glob("*.sock"))):
        _refuse_others(place)
    return f"closed to others: {', '.join(looked)}" if looked else f"{settings.home} is empty"


def templates(settings: Settings) -> str:
    """Whether a template's memory can be read or changed by nobody else."""
    found = sorted((settings.cache / "templates").glob("*-*"))
    for directory in filter(Path.is_dir, found):
        _refuse_others(directory)
    names = ", ".join(path.name for path in found)
    return f"0700, hashes verified when loaded: {names}" if found else "no template yet"


def _refuse_others(path: Path) -> None:
    found = path.stat()
    if found.st_uid != os.geteuid():
        raise Conflict(f"{path} belongs to uid {found.st_uid}")
    if stat.S_IMODE(found.st_mode) & 0o077 and _reachable(path):
        raise Conflict(f"{path} has mode {stat.S_IMODE(found.st_mode):o}")


def _reachable(path: Path) -> bool:
    """Whether another user can walk down to `path`."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)


def _seen(found: list[Process], how: str) -> str:
    return f"{len(found)} seen in /proc: {how}" if found else "none runs now"
