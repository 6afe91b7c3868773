"""What a run has covered of its design, read from what its recordings say of their machines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from collector.diversity import browsers, desktops
from collector.diversity.covering import Coverage, coverage
from envs.recording.reader import read
from envs.types import EnvInfo
from infra.errors import TrawlError


def of_run(home: Path, kind: str, recordings: Iterable[str]) -> Coverage | None:
    """The pairs that met in these recordings; None for a kind of machine that has no design.

    A recording that is not there or says nothing of its machine covers nothing.
    """
    machines = [env for name in recordings if (env := _machine(home / "recordings" / name))]
    if kind == "ubuntu":
        return coverage(map(desktops.seen, machines), desktops.FACTORS, desktops.fits)
    if kind == "web":
        return coverage(map(browsers.seen, machines), browsers.FACTORS, browsers.fits)
    return None


def _machine(directory: Path) -> EnvInfo | None:
    try:
        return read(directory).header.env
    except TrawlError:
        return None
