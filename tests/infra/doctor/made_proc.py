"""A small /proc made of files: a guest, a browser and a controller that hold every boundary."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.hypervisor.shape import NAMESPACE

STATUS = {"Seccomp": "2", "NoNewPrivs": "1", "CapEff": "0" * 16, "CapPrm": "0" * 16}
HEADER = "head\n"
FLAGS = [
    "--user-data-dir=/tmp/trawl-web-x",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--proxy-server=http://egress.invalid:3128",
    "--proxy-bypass-list=<-loopback>;*.test:80",
    (
        "--host-resolver-rules=MAP *.test:80 127.0.0.1:4000 , MAP egress.invalid:3128 127.0.0.1:5000"
        " , MAP b.org:443 [2606:4700::1111]:443 , MAP * ~NOTFOUND"
    ),
]
DEVICE = {"driver": "virtio-blk-pci", "id": "virtio-disk0"}


@dataclass
class Made:
    """One process to be, changed by a test before it is written."""

    pid: int
    command: list[str]
    parent: int = 1
    uids: list[int] = field(default_factory=lambda: [os.geteuid()] * 4)
    status: dict[str, str] = field(default_factory=lambda: dict(STATUS))
    thread: dict[str, str] = field(default_factory=lambda: dict(STATUS))
    opened: list[tuple[str, int]] = field(default_factory=list)
    """Target and flags of each descriptor."""
    core: tuple[str, str] = ("0", "0")
    tables: dict[str, list[str]] = field(default_factory=dict)
    maps: list[str] = field(default_factory=list)
    namespaces: dict[str, str] = field(default_factory=dict)

    def write(self, proc: Path) -> None:
        """Lay it down as the kernel would."""
        home = proc / str(self.pid)
        for name in ("fd", "fdinfo", "ns", "net", f"task/{self.pid + 1}"):
            (home / name).mkdir(parents=True)
        (home / "cmdline").write_text("\0".join(self.command) + "\0")
        (home / "status").write_text(self._status(self.status))
        (home / f"task/{self.pid + 1}/status").write_text(self._status(self.thread))
        (home / "limits").write_text(
            f"Limit  Soft Limit  Hard Limit  Units\nMax core file size  {self.core[0]}  "
            f"{self.core[1]}  bytes\n"
        )
        for number, (target, flags) in enumerate(self.opened):
            (home / "fd" / str(number)).symlink_to(target)
            (home / "fdinfo" / str(number)).write_text(f"pos:\t0\nflags:\t{flags:o}\nmnt_id:\t1\n")
        for name, lines in self.tables.items():
            (home / "net" / name).write_text(HEADER + "".join(f"{line}\n" for line in lines))
        (home / "maps").write_text("".join(f"{line}\n" for line in self.maps))
        for name in ("pid", "net"):
            (home / "ns" / name).symlink_to(self.namespaces.get(name, f"{name}:[1]"))

    def _status(self, fields: dict[str, str]) -> str:
        uids = "\t".join(map(str, self.uids))
        lines = {"Name": "x", "PPid": str(self.parent), "Uid": uids, **fields}
        return "".join(f"{name}:\t{value}\n" for name, value in lines.items())


@dataclass
class World:
    """A home, a cache and a /proc; `write` lays the processes down."""

    place: Path
    guest: Made = field(init=False)
    renderer: Made = field(init=False)
    browser: Made = field(init=False)
    controller: Made = field(init=False)
    lock_holders: list[int] = field(default_factory=lambda: [40])
    listeners: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.machine = self.home / "hypervisor" / "machines" / "0123"
        for path in (self.machine, self.home / "run", self.cache / "templates" / "debian-1"):
            path.mkdir(parents=True)
        for path in (self.home, self.home / "run", self.machine, self.template):
            path.chmod(0o700)
        (self.home / "hypervisor" / "lock").touch()
        self._listen(self.machine / "qmp")
        self._listen(self.home / "run" / "controller.sock")
        self.guest = self._guest()
        self.controller = Made(40, ["python3", "-m", "collector.control"])
        self._gives(self.controller, "60", self.home / "run" / "controller.sock")
        self.browser = Made(50, ["/usr/lib/chromium/chromium", *FLAGS], status={})
        apart = {"pid": "pid:[2]", "net": "net:[2]"}
        words = ["/usr/lib/chromium/chromium --type=renderer --profile=/tmp/x/y"]
        self.renderer = Made(51, words, parent=50, namespaces=apart)

    @property
    def home(self) -> Path:
        return self.place / "home"

    @property
    def cache(self) -> Path:
        return self.place / "cache"

    @property
    def proc(self) -> Path:
        return self.place / "proc"

    @property
    def template(self) -> Path:
        return self.cache / "templates" / "debian-1"

    def _listen(self, path: Path) -> None:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(1)
        path.chmod(0o600)
        self.listeners.append(listener)

    def _gives(self, made: Made, inode: str, path: Path) -> None:
        made.opened.append((f"socket:[{inode}]", os.O_RDWR))
        made.tables["unix"] = [f"000: 00000002 00000000 00010000 0001 01 {inode} {path}"]

    def _guest(self) -> Made:
        overlay = self.template / "overlay.qcow2"
        made = Made(30, [
            "/usr/bin/qemu-system-x86_64", "-uuid", "1", "-nodefaults",
            "-machine", "pc-i440fx-7.2,usb=off", "-vnc", "none,audiodev=audio1",
            "-device", json.dumps(DEVICE), "-device", "isa-serial,chardev=trawl-console",
            "-chardev", "ringbuf,id=trawl-console,size=65536",
            "-chardev", "socket,id=charmonitor,fd=11", "-kernel", f"{self.cache}/images/a/vmlinuz",
        ])  # fmt: skip
        made.opened += [
            ("/dev/null", os.O_RDWR),
            (str(overlay), os.O_RDONLY),
            (str(self.machine / "overlay.qcow2"), os.O_RDWR),
            (str(self.cache / "templates" / "debian-1" / "ram"), os.O_RDWR),
        ]
        made.maps = [f"7f00-7f01 rw-p 00000000 00:1a 5 {self.template}/ram"]
        self._gives(made, "70", self.machine / "qmp")
        return made

    def give_way_out(self, network: Sequence[str]) -> None:
        """Connect somebody to the guest's port, and mark its machine with these hosts."""
        path = self.machine / "egress"
        self.guest.opened.append(("socket:[71]", os.O_RDWR))
        line = f"000: 00000003 00000000 00000000 0001 03 71 {path}"
        self.guest.tables["unix"].append(line)
        mark = {"uuid": "1", "name": "m", "owner": {"network": list(network)}}
        record = self.home / "hypervisor" / "run" / "qemu" / "m.xml"
        record.parent.mkdir(parents=True)
        record.write_text(
            f"<domstatus><domain><metadata><t:machine xmlns:t='{NAMESPACE}'>{json.dumps(mark)}"
            "</t:machine></metadata></domain></domstatus>"
        )

    def write(self, *processes: Made) -> None:
        """Lay down these processes, or all four."""
        for made in processes or (self.guest, self.controller, self.browser, self.renderer):
            made.write(self.proc)
        ours = self.proc / "self" / "ns"
        ours.mkdir(parents=True)
        for name in ("pid", "net"):
            (ours / name).symlink_to(f"{name}:[1]")
        found = (self.home / "hypervisor" / "lock").stat()
        device = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}"
        lines = [
            f"{n}: FLOCK  ADVISORY  WRITE {pid} {device}:{found.st_ino} 0 EOF"
            for n, pid in enumerate(self.lock_holders)
        ]
        waiting = f"9: -> FLOCK  ADVISORY  WRITE 99 {device}:{found.st_ino} 0 EOF"
        (self.proc / "locks").write_text("\n".join([*lines, waiting]) + "\n")

    def close(self) -> None:
        """Let go of what listens."""
        for listener in self.listeners:
            listener.close()
