"""The executor of a Ray cluster: tasks on whatever node has room, results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from infra.engine import cluster
from infra.errors import InfraLost

T = TypeVar("T")
R = TypeVar("R")
AHEAD: Final = 4
TRIES: Final = 3
"""An item whose worker died is tried again so often."""


class RayExecutor:
    """The workers of a cluster, over one connection."""

    def __init__(self, head: str) -> None:
        cluster.connect(head)
        import ray

        resources: Any = ray.cluster_resources  # untyped
        self._window = AHEAD * max(1, int(resources().get("CPU", 1)))

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in order, whoever worked them out."""
        import ray

        task: Any = ray.remote(max_retries=TRIES)(function)
        under_way: deque[Any] = deque()
        for item in items:
            under_way.append(task.remote(item))
            if len(under_way) >= self._window:
                yield _taken(under_way.popleft())
        while under_way:
            yield _taken(under_way.popleft())

    def __enter__(self) -> RayExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        cluster.disconnect()


def _taken(reference: Any) -> Any:
    """A result. Raises what the function raised, InfraLost where its workers died."""
    import ray

    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, Exception):
            raise error.cause from error
        raise
    except ray.exceptions.RayError as error:
        raise InfraLost("workers of the cluster keep dying", "see ray status") from error
