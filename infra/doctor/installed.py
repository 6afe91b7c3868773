"""The installed packages: each dependency is there, and none of ours was overwritten.

Our import names are plain words. Another distribution that ships one of them into the same
environment replaces our files; that is found here and said, with the way out.
"""

from __future__ import annotations

import importlib.util
import re
from importlib import metadata
from pathlib import Path
from typing import Final

from infra.doctor.check import Probe
from infra.errors import Conflict, Unavailable

DISTRIBUTION: Final = "trawl"
PACKAGES: Final = ("collector", "corpus", "envs", "grounding", "infra")
EXTRAS: Final = ("guest", "vm", "web")
ISOLATE: Final = "install it in an environment of its own: uv tool install trawl"


def installed() -> list[Probe]:
    """The checks of the installation."""
    return [
        Probe("packages", dependencies, "bash infra/run.sh, or uv tool install 'trawl[vm,web]'"),
        Probe("import names", own_names, ISOLATE),
    ]


def dependencies() -> str:
    """Whether everything that our distribution and its extras require is installed."""
    try:
        required = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return f"{DISTRIBUTION} runs from its sources; what it requires is not recorded"
    wanted = sorted({_name(line) for line in required if _applies(line)})
    missing = [name for name in wanted if not _has(name)]
    if missing:
        raise Unavailable(f"missing: {', '.join(missing)}")
    return f"{len(wanted)} of {len(wanted)}, trawl {metadata.version(DISTRIBUTION)}"


def own_names() -> str:
    """Whether all five import packages are ours."""
    homes = {name: _home(name) for name in PACKAGES}
    if len(set(homes.values())) > 1:
        apart = ", ".join(f"{name} from {home}" for name, home in homes.items())
        raise Conflict(f"our packages lie in different places: {apart}", ISOLATE)
    claims = metadata.packages_distributions()
    for name in PACKAGES:
        others = {d for d in claims.get(name, []) if d.lower() != DISTRIBUTION}
        if others and _home(name) == _home_of_distribution(min(others)):
            other = min(others)
            raise Conflict(
                f"another distribution has overwritten {name!r}: {other} {metadata.version(other)}",
                ISOLATE,
            )
    return f"{', '.join(PACKAGES)} from {homes['infra']}"


def _home(package: str) -> str:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise Conflict(f"{package!r} cannot be imported as our package", ISOLATE)
    return str(Path(spec.origin).resolve().parent.parent)


def _home_of_distribution(name: str) -> str:
    return str(Path(str(metadata.distribution(name).locate_file("."))).resolve())


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
