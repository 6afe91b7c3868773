"""Several desktops at work on one lot: each has its share of it, and what they find comes as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
Stop = Callable[[], bool]
"""Whether the work is to end."""


class Quota:
    """So many presses over so many programs, evenly; what one has no use for goes to the next."""

    def __init__(self, presses: int, programs: int) -> None:
        self._left, self._programs = presses, programs
        self._lock = threading.Lock()

    def take(self) -> int:
        """The share of the next program."""
        with self._lock:
            share = -(-self._left // self._programs)
            self._left, self._programs = self._left - share, self._programs - 1
            return share

    def give_back(self, presses: int) -> None:
        """What a program did not come to."""
        with self._lock:
            self._left += presses


def side_by_side(
    work: Callable[[A, Stop], Generator[B]], items: Iterable[A], workers: int
) -> Iterator[B]:
    """What `work` yields for each item, as it comes, so many items at a time.

    Closed, or left by an error of any item, it tells those at work to end, and waits for them.
    """
    came: SimpleQueue[B | Future[None]] = SimpleQueue()
    is_over = threading.Event()

    def run(item: A) -> None:
        with closing(work(item, is_over.is_set)) as found:
            for one in found:
                came.put(one)
                if is_over.is_set():
                    return

    with ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(run, item) for item in items]
        for future in running:
            future.add_done_callback(came.put)
        try:
            while running:
                one = came.get()
                if isinstance(one, Future):
                    running.remove(one)
                    one.result()
                else:
                    yield one
        finally:
            is_over.set()
            pool.shutdown(wait=False, cancel_futures=True)
