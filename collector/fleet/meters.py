"""What happens in a controller's process, counted by kind of machine at the moment it happens.

What the database says is not counted here: a scrape reads it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from collector.fleet.backend import Backend
from infra.errors import HostileInput
from infra.metrics import Metrics


class KindMeter:
    """Counts for machines of one kind; safe to share between threads."""

    def __init__(self, metrics: Metrics, kind: str) -> None:
        self._metrics, self._kind = metrics, kind

    def spent(self, phase: str, took_s: float) -> None:
        """A step spent so long on that phase."""
        self._metrics.step(self._kind, phase).observe(took_s)

    def hostile(self) -> None:
        """A machine's answer exceeded a bound or broke its format."""
        self._metrics.hostile_inputs(self._kind).inc()

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Count a HostileInput that passes by."""
        try:
            yield
        except HostileInput:
            self.hostile()
            raise


def metered(backend: Backend, meter: KindMeter) -> Backend:
    """The backend, with what its machines say counted where it is hostile.

    What they say to an episode, and to a backend that puts up with it, is counted there.
    """
    return cast("Backend", _Metered(backend, meter))


class _Metered:
    def __init__(self, backend: Backend, meter: KindMeter) -> None:
        self._backend, self._meter = backend, meter

    def __getattr__(self, name: str) -> Any:
        return self._meter.heard()(getattr(self._backend, name))
