"""A cluster of Ray for one piece of work: a head on the loopback, gone when the work is done."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.engine import cluster, processes
from infra.engine.base import Executor


@contextmanager
def on_ray(workers: int) -> Iterator[Executor]:
    """An executor of so many workers; a cluster that this host is a node of is not touched.

    Raises Unavailable where Ray is not installed or does not start.
    """
    from infra.engine.spread import RayExecutor

    with tempfile.TemporaryDirectory(prefix="trawl-ray-") as place:
        home = Path(place)
        before = dict(os.environ)
        try:
            head = cluster.lead(home, "127.0.0.1", _free_port(), workers)
            os.environ.update(cluster.environment(home))
            with RayExecutor(head) as executor:
                yield executor
        finally:
            processes.stop(home)
            os.environ.clear()
            os.environ.update(before)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
