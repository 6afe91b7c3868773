"""Whether this host can start machines of the wanted kinds at all, asked before it is tried."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Final

from infra.errors import Unavailable
from infra.settings import Settings
from infra.store.rows import Pool

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


def startable(pools: list[Pool], settings: Settings) -> None:
    """Raise NotFound for an unknown image, Unavailable for a missing program, with the mend."""
    for pool in pools:
        check = CHECKS.get(pool.kind)
        if check is not None and pool.count:
            check(pool, settings)


def _desktop(pool: Pool, settings: Settings) -> None:
    from envs.ubuntu import template

    if shutil.which("qemu-system-x86_64") is None:
        raise Unavailable("QEMU is not installed", "apt-get install qemu-system-x86", "qemu")
    template.find(pool.image, settings.cache)


def _web(pool: Pool, settings: Settings) -> None:
    del pool, settings
    if not any(shutil.which(name) for name in BROWSERS):
        raise Unavailable("no Chromium is installed", "apt-get install chromium", "chromium")


CHECKS: Final[dict[str, Callable[[Pool, Settings], None]]] = {"ubuntu": _desktop, "web": _web}
