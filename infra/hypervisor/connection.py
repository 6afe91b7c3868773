"""The embedded hypervisor: real machines without a daemon, below one directory, for one process.

libvirt's event loop runs in one thread from before the first connection until the process ends.
A root can be open in one process only; another is told who has it. A process has one root for its
whole life, since the driver has: whoever opens it again in the same process shares the connection.
"""

from __future__ import annotations

import contextlib
import os
import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from infra.errors import Conflict, InfraLost, TrawlError, Unavailable
from infra.files import exclusive, publish
from infra.hypervisor import logs
from infra.hypervisor.calls import Calls

T = TypeVar("T")
BOOKS_S: Final = 30.0
OPEN_S: Final = 60.0
"""The first connection below a root asks QEMU what it can do."""
CONFIG: Final = """\
stdio_handler = "file"
security_driver = "none"
security_default_confined = 0
remember_owner = 0
cgroup_controllers = []
namespaces = []
seccomp_sandbox = 1
max_core = 0
dump_guest_core = 0
capability_filters = [ "cpu-unavailable-features" ]
"""
"""How the driver runs QEMU for us.

The filtered capability makes libvirt ask every new machine for some four hundred processor
properties, one by one, which takes longer than starting it; without it two questions do.
"""
_lock = threading.RLock()
_loops: list[threading.Thread] = []
_shared: dict[Path, Connection] = {}


def share(root: Path) -> Connection:
    """This process's connection to `root`, opened by the first who asks; each gives it back.

    Raises Conflict where another process has the root, or this one has another root.
    """
    with _lock:
        for other in _shared:
            if other != root:
                raise Conflict(
                    f"this process has the hypervisor at {other} open, and can have no other",
                    "use that root, or another process",
                    str(root),
                )
        connection = _shared.get(root) or Connection(root)
        if connection.users == 0:
            connection.open()
        _shared[root] = connection
        connection.users += 1
        return connection


class Connection:
    """An open embedded hypervisor; every call through it has a deadline."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.users = 0
        self.calls = Calls()
        self._libvirt: Any = None
        self._handle: Any = None
        self._lock = contextlib.ExitStack()
        self.ended: set[str] = set()
        """Machines that were destroyed; the driver may know them for a moment longer."""
        self.listeners: list[Callable[[], None]] = []
        """Called when a machine starts or ends: a reason to look, never the truth."""
        self._closing: set[threading.Thread] = set()

    def open(self) -> None:
        """Open the root, making it where it is not there.

        Raises Unavailable without libvirt or QEMU, Conflict where another process has it open.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _allow_descriptors()
        libvirt = _library(self.root)
        self._lock.enter_context(exclusive(self.root / "lock", f"the hypervisor at {self.root}"))
        try:
            self._lock.enter_context(logs.minded(self.root))
            publish(self.root / "etc" / "qemu.conf", CONFIG.encode(), 0o600)
            _start_loop(libvirt)
            uri = f"qemu:///embed?root={self.root}"
            self._libvirt = libvirt
            self._handle = self.calls.run("opening", lambda: libvirt.open(uri), OPEN_S)
            self._handle.domainEventRegisterAny(
                None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self._tell, None
            )
        except libvirt.libvirtError as error:
            self._lock.close()
            raise _refusal(self.root, error) from error
        except BaseException:
            self._lock.close()
            raise

    def _tell(self, *_event: object) -> None:
        for listener in list(self.listeners):
            listener()

    def give_back(self) -> None:
        """One user less; the last one closes the connection, and the machines go on without it."""
        with _lock:
            self.users = max(0, self.users - 1)
            if self.users == 0:
                self._close()

    def _close(self) -> None:
        for thread in list(self._closing):
            thread.join(BOOKS_S)
        handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(TrawlError):
                self.run("closing", lambda _: handle.close(), 5.0)
        self._lock.close()

    def run(self, what: str, function: Callable[[Any], T], within_s: float) -> T:
        """`function(handle)` under a deadline; libvirt's own errors become InfraLost."""
        handle = self._handle
        if handle is None and what != "closing":
            raise InfraLost("the hypervisor is not open", "open it first", what)
        try:
            return self.calls.run(what, lambda: function(handle), within_s)
        except self._libvirt.libvirtError as error:
            raise InfraLost(f"{what}: {error}", subject=what) from error

    def close_books(self, uuid: str, name: str) -> None:
        """Have the driver forget a machine whose process has ended, and drop its log.

        The driver waits until the process was reaped, which is up to the host's first process and
        can take seconds: so it is done in a thread of its own.
        """

        def forget() -> None:
            with contextlib.suppress(TrawlError):
                self.run(f"forgetting {name}", lambda handle: self._forget(handle, uuid), BOOKS_S)
            for log in self.root.glob(f"log/qemu/{name}.log*"):
                log.unlink(missing_ok=True)
            self._closing.discard(threading.current_thread())

        thread = threading.Thread(target=forget, name=f"forget-{name}", daemon=True)
        self._closing.add(thread)
        thread.start()

    def _forget(self, handle: Any, uuid: str) -> None:
        """Ask until the driver no longer knows the machine."""
        while (known := self.domain(handle, uuid)) is not None:
            with contextlib.suppress(self._libvirt.libvirtError):
                known.destroy()
            time.sleep(0.02)

    def described(self, handle: Any) -> list[str]:
        """The XML of every domain the driver knows; one that ends meanwhile is left out."""
        found = []
        for domain in handle.listAllDomains(0):
            try:
                found.append(domain.XMLDesc(0))
            except self._libvirt.libvirtError as error:
                if error.get_error_code() != self._libvirt.VIR_ERR_NO_DOMAIN:
                    raise
        return found

    def domain(self, handle: Any, uuid: str) -> Any | None:
        """The library's domain of that UUID, or None where there is none."""
        try:
            return handle.lookupByUUIDString(uuid)
        except self._libvirt.libvirtError as error:
            if error.get_error_code() == self._libvirt.VIR_ERR_NO_DOMAIN:
                return None
            raise


def _library(root: Path) -> Any:
    """libvirt, which reads where to log when it is loaded, and else logs to our terminal."""
    os.environ.setdefault("LIBVIRT_LOG_OUTPUTS", f"4:file:{root}/libvirt.log")
    try:
        import libvirt
    except ImportError as error:
        raise Unavailable(
            "libvirt-python is not installed", "pip install 'trawl[vm]'", "libvirt"
        ) from error
    return libvirt


def _allow_descriptors() -> None:
    """As many open files as this user may have: a machine takes three, and 1,024 end at 335."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _start_loop(libvirt: Any) -> None:
    """Run the library's event loop in one thread of this process, once and for good."""
    with _lock:
        if _loops:
            return
        libvirt.registerErrorHandler(lambda _context, _error: None, None)
        libvirt.virEventRegisterDefaultImpl()

        def turn() -> None:
            while True:
                libvirt.virEventRunDefaultImpl()

        thread = threading.Thread(target=turn, name="hypervisor-events", daemon=True)
        _loops.append(thread)
        thread.start()


def _refusal(root: Path, error: Exception) -> TrawlError:
    """What libvirt's refusal to open means to an operator."""
    text = str(error)
    if "lock" in text and "pid" in text:
        return Conflict(f"another process has the hypervisor at {root} open", "end it", str(root))
    if os.getuid() == 0:
        text += "; it is not run as root"
    return Unavailable(
        f"the embedded hypervisor does not open: {text}",
        "apt-get install libvirt-daemon libvirt-daemon-driver-qemu qemu-system-x86",
        str(root),
    )
