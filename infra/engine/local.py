"""The executor of one host: fresh interpreters, one for each worker."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final, TypeVar

from infra.errors import InfraLost

T = TypeVar("T")
R = TypeVar("R")
AHEAD: Final = 4
"""So many items for each worker are under way before the first result is taken."""


class InProcess:
    """This process and no other."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in order, one at a time."""
        return map(function, items)

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


class LocalExecutor:
    """Processes of this host."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, mp_context=context)

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in order; a worker that dies ends the map with InfraLost."""
        under_way: deque[Future[R]] = deque()
        try:
            for item in items:
                under_way.append(self._pool.submit(function, item))
                if len(under_way) >= AHEAD * self._workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool as error:
            raise InfraLost("a worker died", "run it again: what was published stays") from error

    def __enter__(self) -> LocalExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
