"""What a run has covered of its design, read from what its recordings say of their machines."""

from __future__ import annotations

from collections.abc import Iterable

from collector.diversity import browsers, desktops
from collector.diversity.covering import Coverage, coverage
from envs.types import EnvInfo


def of_machines(kind: str, machines: Iterable[EnvInfo]) -> Coverage | None:
    """The pairs that met on these machines; None for a kind of machine that has no design."""
    if kind == "ubuntu":
        return coverage(map(desktops.seen, machines), desktops.FACTORS, desktops.fits)
    if kind == "web":
        return coverage(map(browsers.seen, machines), browsers.FACTORS, browsers.fits)
    return None
