"""A kind of storage that fails as it is told to, over fsspec's own in memory.

`faulty://NAME/…` has the switches of `Faults`; they are the class's, as the bytes in memory are.
"""

from __future__ import annotations

import errno
import threading

import fsspec
from fsspec.implementations.memory import MemoryFileSystem

LOCK = threading.Lock()


class Faults:
    """What goes wrong: set before, reset by the fixture."""

    def __init__(self):
        self.writes = 0
        self.fail_every = 0
        """Every nth write is refused."""
        self.away = False
        self.full = False
        self.keeps_bytes = None
        """So many bytes of an object are kept, without a word."""
        self.flips = ""
        """The last byte of each object with that in its name is another one."""
        self.hold = None
        """An event that every write waits for."""
        self.after_write = lambda path: None


class FaultyFileSystem(MemoryFileSystem):
    protocol = "faulty"
    store, pseudo_dirs = {}, [""]
    cachable = False
    faults = Faults()

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.replace("faulty://", "memory://", 1))

    def info(self, path, **kwargs):
        self._answer()
        return super().info(path, **kwargs)

    def ls(self, path, detail=True, **kwargs):
        self._answer()
        return super().ls(path, detail=detail, **kwargs)

    def _open(self, path, mode="rb", **kwargs):
        self._answer()
        return super()._open(path, mode=mode, **kwargs)

    def pipe_file(self, path, value, mode="overwrite", **kwargs):
        self._answer()
        with LOCK:
            self.faults.writes += 1
            number = self.faults.writes
        if self.faults.hold is not None:
            self.faults.hold.wait(60)
        if self.faults.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        if self.faults.fail_every and number % self.faults.fail_every == 0:
            raise ConnectionResetError("Connection reset by peer")
        if self.faults.keeps_bytes is not None:
            value = value[: self.faults.keeps_bytes]
        if self.faults.flips and self.faults.flips in path:
            value = value[:-1] + bytes([value[-1] ^ 1])
        super().pipe_file(path, value, mode=mode, **kwargs)
        self.faults.after_write(self._strip_protocol(path))

    def _answer(self):
        if self.faults.away:
            raise TimeoutError("no route to host, password=hunter2hunter2")


fsspec.register_implementation("faulty", FaultyFileSystem, clobber=True)


def fresh():
    """Switches that are all off, over an empty storage."""
    FaultyFileSystem.store.clear()
    FaultyFileSystem.pseudo_dirs[:] = [""]
    FaultyFileSystem.faults = Faults()
    return FaultyFileSystem.faults


def kept():
    """What lies in memory: each object's bytes by its name."""
    return {name: bytes(held.getbuffer()) for name, held in FaultyFileSystem.store.items()}
