"""Calls into the hypervisor's library under our own deadline, in a bounded set of threads.

A call that does not come back is written off: its thread stays stuck, is counted, and takes one
of the places. When all places are stuck the host is lost, and says so.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from queue import SimpleQueue
from typing import Final, Generic, TypeVar

from infra.errors import DeadlineExceeded, InfraLost

T = TypeVar("T")
PLACES: Final = 16
_every: Final[weakref.WeakSet[Calls]] = weakref.WeakSet()


def hung_calls() -> int:
    """Calls of this process that are past their deadline and have not come back."""
    return sum(calls.hung for calls in list(_every))


class _Call(Generic[T]):
    """One call: who waits for it, and what came of it."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._done = threading.Event()
        self._value: T | None = None
        self._error: BaseException | None = None

    def perform(self) -> None:
        """Run it in the calling thread and keep what comes of it."""
        try:
            self._value = self._function()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            self._error = error
        self._done.set()

    def wait(self, within_s: float) -> bool:
        """Whether it has ended within so many seconds."""
        return self._done.wait(within_s)

    def result(self) -> T:
        """What it returned; raises what it raised."""
        if self._error is not None:
            raise self._error
        value: T = self._value  # type: ignore[assignment]  # None is a T where T says so
        return value


class Calls:
    """Threads that make blocking calls for those who cannot wait without end."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._size = places
        self._queue: SimpleQueue[_Call[object]] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0
        _every.add(self)
        self.hung = 0
        """Calls that are past their deadline and have not come back."""

    def run(self, what: str, function: Callable[[], T], within_s: float) -> T:
        """The value of `function()`.

        Raises DeadlineExceeded when it takes longer (whether it took effect is unknown), InfraLost
        when every thread is stuck.
        """
        if not self._places.acquire(timeout=within_s):
            if self.hung >= self._size:
                raise InfraLost("every hypervisor call hangs", "restart this process", what)
            raise DeadlineExceeded(f"no thread was free for {what}", subject=what)
        call: _Call[T] = _Call(function)
        late = threading.Event()
        self._start(call, late)
        if call.wait(within_s):
            return call.result()
        with self._lock:
            if not call.wait(0):
                late.set()
                self.hung += 1
        raise DeadlineExceeded(f"{what} took longer than {within_s:.1f} s", subject=what)

    def _start(self, call: _Call[T], late: threading.Event) -> None:
        def perform() -> object:
            call.perform()
            with self._lock:
                if late.is_set():
                    self.hung -= 1
            self._places.release()
            return None

        with self._lock:
            if self._idle == 0:
                self._threads += 1
                name = f"hypervisor-{self._threads}"
                threading.Thread(target=self._work, name=name, daemon=True).start()
            else:
                self._idle -= 1
        self._queue.put(_Call(perform))

    def _work(self) -> None:
        while True:
            self._queue.get().perform()
            with self._lock:
                self._idle += 1
