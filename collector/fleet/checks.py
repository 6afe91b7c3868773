"""Whether this host can start machines of the wanted kinds at all, asked before it is tried."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable
from typing import Final

from collector.diversity.plan import KEY as LOOKS
from collector.diversity.plan import Plan
from envs import registry
from infra.errors import NotFound, Unavailable, UsageError
from infra.settings import Settings
from infra.store.rows import Pool

HOME_CHARS: Final = 40
"""What is left of a socket's 107 characters for the directory that machines live below."""
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


def startable(pools: list[Pool], settings: Settings) -> None:
    """Raise NotFound for an unknown image or setting, Unavailable for a missing program."""
    for pool in pools:
        _settings(pool)
        check = CHECKS.get(pool.kind)
        if check is not None and pool.count:
            check(pool, settings)


def _settings(pool: Pool) -> None:
    """Raise NotFound for a setting that this kind of machine does not have, the nearest offered."""
    if not pool.settings or not pool.count:
        return
    known = {*inspect.signature(registry.factory(pool.kind)).parameters, "spread"}
    if pool.kind in ("ubuntu", "web"):
        known.add(LOOKS)
    lists = pool.settings.get("spread", {})
    if not isinstance(lists, dict) or not all(isinstance(v, list) and v for v in lists.values()):
        raise UsageError(f"pool {pool.name}: spread maps settings to lists that are not empty")
    for key in (*pool.settings, *lists):
        if key not in known:
            raise NotFound.among(f"setting of {pool.kind} (pool {pool.name})", key, known)


def _desktop(pool: Pool, settings: Settings) -> None:
    from envs.ubuntu import template

    if shutil.which("qemu-system-x86_64") is None:
        raise Unavailable("QEMU is not installed", "apt-get install qemu-system-x86", "qemu")
    plan = Plan.of(pool.settings)
    for session in plan.sessions() if plan is not None else [template.DEFAULT]:
        template.find(pool.image, settings.cache, session)
    if len(str(settings.home)) > HOME_CHARS:
        raise Unavailable(
            f"{settings.home} is too long: machines have sockets below it, and a socket's path"
            " has at most 107 characters",
            f"set TRAWL_HOME to a path of at most {HOME_CHARS} characters",
            "home",
        )


def _web(pool: Pool, settings: Settings) -> None:
    del pool, settings
    if not any(shutil.which(name) for name in BROWSERS):
        raise Unavailable("no Chromium is installed", "apt-get install chromium", "chromium")


CHECKS: Final[dict[str, Callable[[Pool, Settings], None]]] = {"ubuntu": _desktop, "web": _web}
