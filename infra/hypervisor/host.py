"""The machines of this host: boot, freeze, fork, and find again what another process started."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from infra.clock import Clock, SystemClock
from infra.errors import Conflict, Corrupt, DeadlineExceeded, InfraLost, TrawlError, Unavailable
from infra.hypervisor import checkpoint, freezing, loading, room, template
from infra.hypervisor.blueprint import Blueprint, Origin
from infra.hypervisor.connection import Connection, share
from infra.hypervisor.domain import Domain
from infra.hypervisor.shape import PORTS, Memory, Place, Shape, domain_xml, read_mark
from infra.hypervisor.template import Template, copy_quickly
from infra.images import Image
from infra.limits import DISK_FLOOR_BYTES, MEMORY_FLOOR_BYTES

ROOT: Final = "root"
"""A link beside a machine's memory to the root that owns it."""
START_S: Final = 60.0
LIST_S: Final = 15.0
RECONNECT_S: Final = 30.0
FORK_BYTES: Final = 128 << 20
"""Memory and disk a fork takes early in its life."""
BOOT_DISK_BYTES: Final = 1 << 30
"""What a machine may write before anybody looks again."""


class Host:
    """The embedded hypervisor below `root`; one process owns it at a time."""

    def __init__(
        self,
        root: Path,
        clock: Clock | None = None,
        accel: str = "auto",
        memory_floor_bytes: int = MEMORY_FLOOR_BYTES,
        disk_floor_bytes: int = DISK_FLOOR_BYTES,
    ) -> None:
        self.root = root.absolute()
        self.clock = clock or SystemClock()
        self.accel = accel
        self._floors = memory_floor_bytes, disk_floor_bytes
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The open connection. Raises InfraLost where it is closed."""
        if self._connection is None:
            raise InfraLost(f"the hypervisor at {self.root} is not open", subject=str(self.root))
        return self._connection

    def open(self) -> Host:
        """Take the root, wait for the machines found there, and clear what no machine owns."""
        if self._connection is not None:
            return self
        self._connection = share(self.root)
        if self._connection.users > 1:
            return self
        for domain in self.domains():
            with contextlib.suppress(DeadlineExceeded, InfraLost):
                self._await_reconnection(domain)
        self._sweep()
        return self

    def on_change(self, wake: Callable[[], None]) -> None:
        """Have `wake` called, in the hypervisor's thread, when a machine starts or ends."""
        self.connection.listeners.append(wake)

    def close(self) -> None:
        """Give the root back; the machines go on. Closing twice is fine."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.give_back()

    def __enter__(self) -> Host:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def place(self, uuid: str) -> Place:
        """Where the machine of that UUID keeps its files."""
        short = uuid.replace("-", "")[:16]
        return Place(self.root / "machines" / short, tmpfs() / "machines" / short)

    def boot(
        self,
        image: Image,
        name: str,
        uuid: str,
        memory_mb: int = 1024,
        width: int = 1280,
        height: int = 800,
        ram_file: Path | None = None,
        owner: Mapping[str, Any] | None = None,
        words: Sequence[str] = (),
    ) -> Domain:
        """Start a machine from an image, on an overlay of its own; it runs from now on.

        `words` follow those of the image on the kernel's command line.
        With `ram_file` (on tmpfs; `place(uuid).ram` dies with the machine) it can be frozen.
        Raises Unavailable where memory or disk is short.
        """
        self.check_room(memory_mb << 20, BOOT_DISK_BYTES, f"machine {name}")
        shape = Shape(
            kernel=str(image.kernel),
            initrd=str(image.initrd),
            cmdline=" ".join((image.cmdline, *words)),
            accel=room.accel(self.accel),
            memory_mb=memory_mb,
            width=width,
            height=height,
            ports=PORTS,
        )
        memory = Memory(ram_file, shared=True) if ram_file is not None else None
        origin = Origin(image.name, image.sha256, str(image.directory))
        blueprint = Blueprint(shape, str(image.disk), origin, memory)
        return self._start(blueprint, (uuid, name, owner or {}), paused=False)

    def freeze(
        self, domain: Domain, directory: Path, about: Mapping[str, Any] | None = None
    ) -> Template:
        """Pause a machine that has a memory file and store what it is in `directory`.

        The machine stays, paused, and may be destroyed. Raises Conflict where it has no memory
        file or the directory is taken; a failure leaves no directory.
        """
        self.check_room(0, BOOT_DISK_BYTES, f"freezing {domain.name}")
        freezing.freeze(domain, directory, self.clock, about or {})
        return self.load_template(directory)

    def checkpoint(
        self, domain: Domain, uuid: str, about: Mapping[str, Any] | None = None
    ) -> Template:
        """What a freezable machine is now, held in memory while it goes on; named by a new UUID.

        Raises Conflict where it has no memory file of its own or the UUID is taken, Unavailable
        where memory or disk is short; then the machine goes on and nothing is left.
        """
        memory_mb = Blueprint.load(domain.place).shape.memory_mb
        self.check_room(memory_mb << 20, FORK_BYTES, f"a state of {domain.name}")
        place = self._take(uuid)
        try:
            return checkpoint.checkpoint(domain, place, self.clock, about or {})
        except BaseException:
            place.clear()
            raise

    def discard(self, state: Template) -> None:
        """Let a state that is held in memory go; what was forked from it keeps what it has open."""
        Place(state.directory, state.ram.parent).clear()

    def unload(self, source: Template) -> None:
        """Free a loaded template's memory; its forks keep theirs, the next load reads it again."""
        loading.unload(source)

    def load_template(self, directory: Path) -> Template:
        """The template in `directory`, verified, its memory in tmpfs.

        Raises NotFound, or Corrupt where any byte of it or of its image changed.
        """
        frozen, _ = template.read(directory)
        room.check_memory(
            frozen.shape.memory_mb << 20, self._floors[0], f"loading {directory.name}"
        )
        return loading.load(directory, tmpfs())

    def fork(
        self,
        source: Template,
        name: str,
        uuid: str,
        owner: Mapping[str, Any] | None = None,
        *,
        freezable: bool = False,
    ) -> Domain:
        """A machine that is where the template was frozen, paused, on an overlay of its own.

        A freezable one gets a memory file of its own, which takes longer. Raises Corrupt where a
        file of the template changed, Unavailable where memory or disk is short.
        """
        source.check()
        memory_bytes = source.shape.memory_mb << 20 if freezable else FORK_BYTES
        self.check_room(memory_bytes, FORK_BYTES, f"fork {name}")
        memory = Memory(source.ram, shared=False)
        if freezable:
            own = self.place(uuid).ram
            own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            copy_quickly(source.ram, own)
            memory = Memory(own, shared=True)
        frozen = source.frozen
        origin = Origin(frozen.image, frozen.image_sha256, frozen.image_directory, source.sha256)
        blueprint = Blueprint(source.shape, str(source.overlay), origin, memory)
        domain = self._start(blueprint, (uuid, name, owner or {}), paused=True)
        try:
            source.check()  # QEMU makes an empty file where the memory went after the first look
            freezing.feed(domain.monitor, domain.place.feed, source.state, self.clock)
        except BaseException:
            with contextlib.suppress(TrawlError):
                domain.destroy()
            raise
        return domain

    def check_room(self, memory_bytes: int, disk_bytes: int, what: str) -> None:
        """Raise Unavailable unless so much memory and disk are free beyond the floors."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        room.check_memory(memory_bytes, self._floors[0], what)
        room.check_disk(self.root, disk_bytes, self._floors[1], what)

    def _start(
        self, blueprint: Blueprint, identity: tuple[str, str, Mapping[str, Any]], *, paused: bool
    ) -> Domain:
        """Make the machine's place and its process; a failure leaves neither."""
        uuid, name, owner = identity
        place = self._take(uuid)
        domain = Domain(self.connection, self.clock, place, identity)
        try:
            blueprint.save(place)
            make_overlay(place.overlay, Path(blueprint.backing))
            self._create(
                domain_xml(
                    blueprint.shape,
                    place,
                    name=name,
                    uuid=uuid,
                    owner=owner,
                    memory=blueprint.memory,
                    incoming=paused,
                ),
                paused=paused,
            )
            self._close_sockets(name, place)
        except BaseException:
            with contextlib.suppress(TrawlError):
                domain.destroy()
            raise
        return domain

    def _take(self, uuid: str) -> Place:
        """Make the place of a machine that is not here yet. Raises Conflict where it is."""
        place = self.place(uuid)
        place.check()
        try:
            place.directory.mkdir(mode=0o700, parents=True)
        except FileExistsError as error:
            raise Conflict(f"a machine {uuid} is already here", subject=uuid) from error
        place.tmpfs.mkdir(mode=0o700, parents=True, exist_ok=True)
        (place.tmpfs / ROOT).symlink_to(self.root)
        return place

    def _close_sockets(self, name: str, place: Place) -> None:
        """Take other users' rights from a machine's sockets; their directory keeps them out too."""
        driver = self.root.glob(f"lib/qemu/domain-*-{glob.escape(name[:20])}*/monitor.sock")
        ports = [path for path in map(place.port, PORTS) if path.exists()]
        for path in (place.qmp, *ports, *driver):
            path.chmod(0o600)

    def domains(self) -> list[Domain]:
        """Every machine here that is ours, by its metadata; a stranger's domain is left alone."""
        found = []
        for xml in self.connection.run("listing machines", self.connection.described, LIST_S):
            mark = read_mark(xml)
            if mark is not None and mark[0] not in self.connection.ended:
                place = self.place(mark[0])
                found.append(Domain(self.connection, self.clock, place, mark))
        return found

    def _create(self, xml: str, *, paused: bool) -> None:
        def call(handle: Any) -> None:
            import libvirt

            handle.createXML(xml, libvirt.VIR_DOMAIN_START_PAUSED if paused else 0)

        self.connection.run("starting a machine", call, START_S)

    def _await_reconnection(self, domain: Domain) -> None:
        """Wait until the driver, which has just been opened, holds the machine's monitor again."""

        def call(handle: Any) -> None:
            import libvirt_qemu

            known = self.connection.domain(handle, domain.uuid)
            if known is not None:
                libvirt_qemu.qemuMonitorCommand(known, '{"execute":"query-status"}', 0)

        self.connection.run(f"meeting {domain.name} again", call, RECONNECT_S)

    def _sweep(self) -> None:
        """Delete what belongs to no machine: its owner was killed, or its root is gone."""
        domains = self.domains()
        alive = {self.place(domain.uuid).directory.name for domain in domains}
        alive |= {backing.parent.name for domain in domains for backing in _backing(domain)}
        for directory in (self.root / "machines").glob("*"):
            if directory.name not in alive:
                shutil.rmtree(directory, ignore_errors=True)
        for directory in (tmpfs() / "machines").glob("*"):
            root = directory / ROOT
            is_mine = root.is_symlink() and root.readlink() == self.root
            if (is_mine and directory.name not in alive) or not root.exists():
                shutil.rmtree(directory, ignore_errors=True)
        names = {domain.name for domain in domains}
        for log in (self.root / "log" / "qemu").glob("*.log"):
            if log.stem not in names:
                log.unlink(missing_ok=True)


def _backing(domain: Domain) -> list[Path]:
    """The disk that a machine's overlay lies upon, where its blueprint says."""
    with contextlib.suppress(Corrupt):
        return [Path(Blueprint.load(domain.place).backing)]
    return []


def tmpfs() -> Path:
    """This user's directory in memory, which nobody else can enter. Raises Unavailable."""
    base = Path("/dev/shm")  # noqa: S108 - the kernel's own tmpfs; the directory below is 0700
    path = base / f"trawl-{os.getuid()}"
    path.mkdir(mode=0o700, exist_ok=True)
    status = path.lstat()
    if path.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise Unavailable(f"{path} is not ours alone", f"remove {path}", str(path))
    return path


def make_overlay(path: Path, backing: Path) -> None:
    """An empty qcow2 whose unwritten parts are read from `backing`."""
    command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", str(backing)]
    try:
        subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=30)
    except FileNotFoundError as error:
        raise Unavailable(
            "qemu-img is missing", "apt-get install qemu-utils", "qemu-img"
        ) from error
    except subprocess.SubprocessError as error:
        raise InfraLost(f"no overlay of {backing}: {error}", subject=str(path)) from error
