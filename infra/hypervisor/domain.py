"""One machine: its power, its screen, its input, its ports. Every call has a deadline.

Power goes through libvirt; the screen and the input go straight to QEMU's monitor, which is
faster and hangs for nobody else.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from infra import limits
from infra.clock import Clock, Deadline
from infra.errors import DeadlineExceeded, HostileInput, InfraLost
from infra.hypervisor import stats as figures
from infra.hypervisor.connection import Connection
from infra.hypervisor.qmp import Monitor, connect
from infra.hypervisor.shape import PORTS, Place
from infra.hypervisor.stats import DomainStats

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RUNNING: Final = 1
"""libvirt's VIR_DOMAIN_RUNNING."""
SKIP_AUTH: Final = 1
"""libvirt's VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH."""
POWER_S: Final = 15.0
SCREEN_S: Final = 5.0
INPUT_S: Final = 5.0
HEADER_BYTES: Final = 64
SCREEN_BYTES: Final = 3 * limits.SCREEN_PIXELS + HEADER_BYTES
"""The longest screen that is read: the guest chooses its size."""


class Domain:
    """A machine of this host that is ours; the same machine after a restart has the same UUID."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        place: Place,
        identity: tuple[str, str, Mapping[str, Any]],
    ) -> None:
        self.uuid, self.name = identity[0], identity[1]
        self.owner = dict(identity[2])
        self.place = place
        self.monitor = Monitor(place.qmp, clock)
        self._connection = connection
        self._clock = clock
        self._pid = 0
        self._drawing = threading.Lock()
        """QEMU writes every screen into one file: nobody reads what is being written for another."""

    @property
    def directory(self) -> Path:
        """Where the machine's overlay and sockets lie."""
        return self.place.directory

    def resume(self) -> None:
        """Let the guest run, if it does not yet. Raises InfraLost where the machine is gone."""

        def call(domain: Any) -> None:
            if domain.state()[0] != RUNNING:
                domain.resume()

        self._power("resume", call)

    def pause(self) -> None:
        """Stop the guest's processor; a paused machine costs none."""
        self._power("pause", lambda domain: domain.suspend())

    def is_alive(self) -> bool:
        """Whether the machine's process is there (it may hang all the same)."""
        try:
            pid = self.pid()
        except InfraLost:
            return False
        return _is_ours(pid, self.uuid)

    def pid(self) -> int:
        """The machine's process. Raises InfraLost where there is none."""
        if self._pid and _is_ours(self._pid, self.uuid):
            return self._pid
        with contextlib.suppress(OSError, ValueError):
            path = self._connection.root / "run" / "qemu" / f"{self.name}.pid"
            pid = int(path.read_text(encoding="ascii"))
            if _is_ours(pid, self.uuid):
                self._pid = pid
                return pid
        raise InfraLost(f"machine {self.name} has no process", subject=self.uuid)

    def destroy(self) -> None:
        """End the machine, a hung one too, and delete all it left. Destroying twice is fine.

        It has ended when this returns; the driver's own books are closed behind it. Raises
        DeadlineExceeded where the process does not die.
        """
        self.monitor.close()
        self._connection.ended.add(self.uuid)
        with contextlib.suppress(InfraLost):
            self._kill(self.pid())
        self._connection.close_books(self.uuid, self.name)
        self.place.clear()

    def _kill(self, pid: int) -> None:
        """Kill the process and wait until it runs no more; its parent may reap it later."""
        deadline = Deadline.after(self._clock, POWER_S)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while _is_ours(pid, self.uuid):
            if deadline.is_past():
                raise DeadlineExceeded(f"process {pid} of {self.name} does not die", "", self.uuid)
            self._clock.sleep(0.005)

    def screendump(self) -> NDArray[np.uint8]:
        """The screen as an array of height x width x 3, red first. A paused machine has one too."""
        self.place.tmpfs.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self.place.screen
        if not self._drawing.acquire(timeout=SCREEN_S):
            raise DeadlineExceeded(f"the screen of {self.name} is being taken", subject=self.uuid)
        try:
            self.monitor.execute("screendump", {"filename": str(target)}, SCREEN_S)
            with target.open("rb") as screen:
                return decode_ppm(screen.read(SCREEN_BYTES + 1))
        finally:
            self._drawing.release()

    def send_input(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Give the guest input events as QEMU's `input-send-event` takes them."""
        self.monitor.execute("input-send-event", {"events": list(events)}, INPUT_S)

    def connect(self, port: str, within_s: float) -> socket.socket:
        """A stream to one of the guest's ports."""
        if port not in PORTS:
            raise InfraLost(f"no port {port!r}", subject=port)
        return connect(self.place.port(port), Deadline.after(self._clock, within_s))

    def view(self) -> int:
        """A descriptor connected to the machine's VNC server, which listens nowhere; close it.

        Nothing is asked for a password: whoever holds the descriptor sees and presses.
        """
        return int(self._power("view", lambda domain: domain.openGraphicsFD(0, SKIP_AUTH)))

    def console(self) -> str:
        """The newest part of the guest's serial console."""
        wanted = {"device": "trawl-console", "size": 65536, "format": "utf8"}
        return str(self.monitor.execute("ringbuf-read", wanted, INPUT_S))

    def stats(self) -> DomainStats:
        """What the machine costs now. Raises InfraLost where it is gone."""
        return figures.read(self.pid())

    def _power(self, verb: str, function: Callable[[Any], Any]) -> Any:
        def call(handle: Any) -> Any:
            domain = self._connection.domain(handle, self.uuid)
            if domain is None:
                raise InfraLost(f"machine {self.name} is gone", subject=self.uuid)
            return function(domain)

        return self._connection.run(f"{verb} {self.name}", call, POWER_S)


def decode_ppm(data: bytes) -> NDArray[np.uint8]:
    """A binary PPM as an array. Raises HostileInput where it is none or too large."""
    import numpy as np

    fields = data[:HEADER_BYTES].split(None, 4)
    if len(fields) < 4 or fields[0] != b"P6" or fields[3] != b"255":
        raise HostileInput("the screen is no PPM")
    width, height = int(fields[1]), int(fields[2])
    start = data.index(b"255", 2) + 4
    if not 0 < width * height <= limits.SCREEN_PIXELS or len(data) - start != 3 * width * height:
        raise HostileInput(f"a screen of {width}x{height} in {len(data)} bytes")
    return np.frombuffer(data, np.uint8, offset=start).reshape(height, width, 3)


def _is_ours(pid: int, uuid: str) -> bool:
    """Whether process `pid` runs the machine of that UUID; a zombie's command line is empty."""
    try:
        return uuid.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
