"""A virtio-serial port (or any stream descriptor) as its reader in the guest sees it.

A port whose host end is closed reports a hang-up for ever, and polling it would wake the guest
at every tick: `wait_for_host` sleeps until the kernel's SIGIO says that something changed.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
from pathlib import Path
from typing import Final

PORTS: Final = Path("/dev/virtio-ports")
CHUNK_BYTES: Final = 64 * 1024
RECHECK_S: Final = 5.0
"""Look again after this long even without a signal."""
WRITE_S: Final = 10.0
"""A host that takes nothing for so long is gone."""
_GONE: Final = select.POLLHUP | select.POLLERR | select.POLLNVAL


class HostGone(ConnectionError):
    """The host's end closed or stopped reading."""


class Port:
    """One end of a byte stream to the host; owns the descriptor."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        os.set_blocking(fd, False)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGIO})
        fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_ASYNC)
        self._poll = select.poll()

    @classmethod
    def named(cls, name: str) -> Port:
        """The virtio port `org.trawl.<name>`. Raises OSError where it is not there or taken."""
        return cls(os.open(PORTS / f"org.trawl.{name}", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))

    def _events(self, wanted: int, timeout_s: float | None) -> int:
        self._poll.register(self.fd, wanted)
        ready = self._poll.poll(None if timeout_s is None else timeout_s * 1000)
        return ready[0][1] if ready else 0

    def is_connected(self) -> bool:
        """Whether the host's end is open now."""
        return not self._events(select.POLLIN, 0.0) & _GONE

    def wait_for_host(self) -> None:
        """Sleep, without polling, until the host's end is open."""
        while not self.is_connected():
            signal.sigtimedwait({signal.SIGIO}, RECHECK_S)

    def read(self, timeout_s: float | None) -> bytes:
        """What has arrived, b"" after `timeout_s` of silence. Raises HostGone."""
        events = self._events(select.POLLIN, timeout_s)
        if events & _GONE:
            raise HostGone
        if not events:
            return b""
        try:
            data = os.read(self.fd, CHUNK_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            raise HostGone
        return data

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises HostGone when the host's end closes or stops reading."""
        view = memoryview(data)
        while view:
            events = self._events(select.POLLOUT, WRITE_S)
            if not events or events & _GONE:
                raise HostGone
            try:
                view = view[os.write(self.fd, view[:CHUNK_BYTES]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise HostGone from error

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self.fd)
