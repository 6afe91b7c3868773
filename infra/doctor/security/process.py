"""A process as the kernel shows it below /proc: who it is, what holds it in, what it has open."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
LISTENING: Final = "0A"
UNIX_LISTENING: Final = "01"
UNIX_CONNECTED: Final = "03"


@dataclass(frozen=True, slots=True)
class Open:
    """An open descriptor."""

    number: int
    target: str
    flags: int

    @property
    def writes(self) -> bool:
        """Whether it was opened for writing."""
        return self.flags & os.O_ACCMODE != os.O_RDONLY

    @property
    def path(self) -> Path | None:
        """The file or device; None for a socket, a pipe, or memory without a name."""
        if not self.target.startswith("/") or self.target.startswith("/memfd:"):
            return None
        return Path(self.target.removesuffix(" (deleted)"))

    @property
    def inode(self) -> str:
        """The inode of a socket; empty for anything else."""
        return self.target[8:-1] if self.target.startswith("socket:[") else ""


@dataclass(frozen=True)
class Process:
    """One process; everything but its identity is read when it is asked for.

    Reading raises OSError where the process has ended, or is not ours to look into.
    """

    pid: int
    command: tuple[str, ...]
    proc: Path = PROC

    @property
    def home(self) -> Path:
        """Its directory below /proc."""
        return self.proc / str(self.pid)

    @property
    def program(self) -> str:
        """The file name of what runs; a browser's children write their arguments into the first."""
        return Path(self.command[0].partition(" ")[0]).name

    def __str__(self) -> str:
        return f"{self.program} ({self.pid})"

    @cached_property
    def status(self) -> dict[str, str]:
        """The fields of its `status`."""
        text = (self.home / "status").read_text(encoding="utf-8", errors="replace")
        pairs = (line.partition(":") for line in text.splitlines())
        return {name: value.strip() for name, _, value in pairs}

    @property
    def uids(self) -> tuple[int, ...]:
        """Its real, effective, saved and file-system uid."""
        return tuple(map(int, self.status["Uid"].split()))

    @property
    def parent(self) -> int:
        """The process that it belongs to."""
        return int(self.status["PPid"])

    def core_limits(self) -> tuple[str, str]:
        """The soft and the hard limit of a core dump, as the kernel prints them."""
        for line in (self.home / "limits").read_text(encoding="ascii").splitlines():
            if line.startswith("Max core file size"):
                soft, hard = line.split()[4:6]
                return soft, hard
        return "unknown", "unknown"

    def shares_with_us(self, namespace: str) -> bool:
        """Whether it lives in the same namespace of that kind as the process that looks."""
        its, ours = (place / "ns" / namespace for place in (self.home, self.proc / "self"))
        return its.readlink() == ours.readlink()

    def opened(self) -> list[Open]:
        """Every open descriptor with its flags."""
        found = []
        for link in (self.home / "fd").iterdir():
            try:
                target = str(link.readlink())
                info = (self.home / "fdinfo" / link.name).read_text(encoding="ascii")
            except FileNotFoundError:
                continue  # closed while we looked
            fields = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
            found.append(Open(int(link.name), target, int(fields.get("flags", "2"), 8)))
        return found

    def sockets(self) -> set[str]:
        """The inodes of its open sockets."""
        return {one.inode for one in self.opened() if one.inode}

    def listens(self) -> list[str]:
        """Addresses beyond loopback that it listens on with TCP, as the kernel writes them."""
        held = self.sockets()
        return [
            f"{name} {fields[1]}"
            for name in ("tcp", "tcp6")
            for fields in self._table(name)
            if fields[3] == LISTENING and fields[9] in held and not _is_loopback(fields[1])
        ]

    def connections(self) -> list[str]:
        """`address:port` of every peer that it has a TCP connection to, or is making one to."""
        held = self.sockets()
        found = [
            _spoken(fields[2])
            for name in ("tcp", "tcp6")
            for fields in self._table(name)
            if fields[3] != LISTENING and fields[9] in held
        ]
        return sorted(set(found))

    def datagrams(self) -> list[str]:
        """The local `address:port` of each of its UDP sockets."""
        held = self.sockets()
        tables = [*self._table("udp"), *self._table("udp6")]
        return sorted({_spoken(fields[1]) for fields in tables if fields[9] in held})

    def not_unix(self) -> list[str]:
        """Its sockets that are no unix sockets, and so may lead out of this host."""
        held = self.sockets()
        unix = {fields[6] for fields in self._table("unix")}
        return sorted((held - unix) & self.sockets())  # one that was closed meanwhile is left out

    def unix_listening(self) -> list[Path]:
        """Paths of the unix sockets that it listens on."""
        held = self.sockets()
        return [
            Path(fields[7])
            for fields in self._table("unix")
            if len(fields) > 7 and fields[5] == UNIX_LISTENING and fields[6] in held
        ]

    def unix_connected(self) -> list[Path]:
        """Paths of the unix sockets that it listens on, each once for each connection it has there."""
        held = self.sockets()
        return [
            Path(fields[7])
            for fields in self._table("unix")
            if len(fields) > 7 and fields[5] == UNIX_CONNECTED and fields[6] in held
        ]

    def _table(self, name: str) -> list[list[str]]:
        """The lines of a table of its own network namespace."""
        path = self.home / "net" / name
        if not path.exists():
            return []
        return [line.split() for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0]
    if len(host) == 8:
        return host.endswith("7F")
    return host in {"0" * 24 + "01000000", "0" * 16 + "FFFF00000100007F"}


def _spoken(written: str) -> str:
    """An address and port as people write them; the kernel prints words of its own byte order."""
    words, _, port = written.partition(":")
    packed = b"".join(bytes.fromhex(words[at : at + 8])[::-1] for at in range(0, len(words), 8))
    address = ipaddress.ip_address(packed)
    host = f"[{address}]" if address.version == 6 else str(address)
    return f"{host}:{int(port, 16)}"


def processes(proc: Path = PROC) -> Iterator[Process]:
    """Every process of this host that has a command line and was there long enough to be read."""
    for entry in proc.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            raw = (entry / "cmdline").read_bytes()
            command = tuple(raw.decode(errors="replace").rstrip("\0").split("\0"))
            process = Process(int(entry.name), command, proc)
            if command[0] and process.uids:
                yield process
        except (OSError, KeyError):
            continue  # it ended while we looked
