"""What a run has covered of its design, read from what its recordings say of their machines."""

from __future__ import annotations

from collections.abc import Sequence

from collector.diversity import browsers, desktops
from collector.diversity.covering import Coverage, coverage
from envs.types import EnvInfo


def of_machines(machines: Sequence[EnvInfo]) -> Coverage | None:
    """The pairs that met on these machines, all of one kind; None for a kind that has no design."""
    kind = machines[0].platform if machines else ""
    if kind == "ubuntu":
        return coverage(map(desktops.seen, machines), desktops.FACTORS, desktops.fits)
    if kind == "web":
        return coverage(map(browsers.seen, machines), browsers.FACTORS, browsers.fits)
    return None
