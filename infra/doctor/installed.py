"""The installed packages: each dependency is there, and none of ours was overwritten.

Our import names are plain words. Another distribution that ships one of them into the same
environment replaces our files; that is found here and said, with the way out.
"""

from __future__ import annotations

import re
from importlib import metadata
from typing import Final

from infra import names
from infra.doctor.check import Probe
from infra.errors import Conflict, Unavailable

EXTRAS: Final = ("dedup", "guest", "vm", "web")


def installation_probes() -> list[Probe]:
    """The checks of the installation."""
    return [
        Probe(
            "packages",
            dependencies,
            "bash infra/run.sh, or uv tool install '.[dedup,guest,vm,web]'",
        ),
        Probe("import names", own_names),
    ]


def dependencies() -> str:
    """Whether everything that our distribution and its extras require is installed."""
    try:
        required = metadata.requires(names.DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return f"{names.DISTRIBUTION} runs from its sources; what it requires is not recorded"
    wanted = sorted({_name(line) for line in required if _applies(line)})
    missing = [name for name in wanted if not _has(name)]
    if missing:
        raise Unavailable(f"missing: {', '.join(missing)}")
    return f"{len(wanted)} of {len(wanted)}, trawl {metadata.version(names.DISTRIBUTION)}"


def own_names() -> str:
    """Whether all five import packages are ours."""
    if name := names.taken():
        raise Conflict(names.complaint(name), names.ISOLATE, name)
    return f"{', '.join(names.PACKAGES)} are ours"


def _applies(requirement: str) -> bool:
    extra = re.search(r"extra\s*==\s*['\"]([\w-]+)", requirement)
    return extra is None or extra.group(1) in EXTRAS


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return found.group(0) if found else requirement


def _has(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
