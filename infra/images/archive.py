"""Where packages come from: the host's own apt configuration, where it serves the same release.

An operator's mirror, proxy and clock leniency are taken from apt itself; a recipe's address is
used only for a release that the host's apt knows nothing of.
"""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Final

from infra.errors import Unavailable
from infra.images.recipes import Recipe

KEYRINGS: Final = (Path("/usr/share/keyrings"), Path(__file__).parent / "keys")
CARRIED: Final = ("Acquire::http", "Acquire::https", "Acquire::Check-")
"""Options of the host's apt that decide whether an archive is reached and believed."""
HELPER: Final = "/usr/lib/apt/apt-helper"
ANSWER_S: Final = 30.0


def keyring(recipe: Recipe) -> Path:
    """The file the recipe's archive is verified with. Raises Unavailable where there is none."""
    for directory in KEYRINGS:
        if (path := directory / recipe.keyring).is_file():
            return path
    raise Unavailable(
        f"no archive key {recipe.keyring} for {recipe.name}",
        f"apt-get install {recipe.distribution}-archive-keyring",
        recipe.name,
    )


def sources(recipe: Recipe, signed_by: Path) -> list[str]:
    """The recipe's archives as lines of a sources.list, by the host's mirror where it has one."""
    known = _host_mirrors()
    lines = []
    for mirror, suite in [(recipe.mirror, recipe.suite), *(pair.split() for pair in recipe.also)]:
        found = known.get(suite, mirror)
        lines.append(f"deb [signed-by={signed_by}] {found} {suite} {' '.join(recipe.components)}")
    return lines


def options() -> list[str]:
    """The host's apt options that a build must share, as apt.conf lines."""
    dumped = _apt("apt-config", "dump", *_scopes(), "--no-empty")
    return [line for line in dumped.splitlines() if line.startswith(CARRIED)]


def check_answers(source: str, scratch: Path) -> None:
    """Raise Unavailable unless the archive of one sources line answers now."""
    mirror, suite = source.split("] ", 1)[1].split()[:2]
    url = f"{mirror.rstrip('/')}/dists/{suite}/InRelease"
    command = [HELPER, "download-file", url, str(scratch / "InRelease")]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=ANSWER_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(
            f"the archive at {mirror} does not answer for {suite}",
            "check the network or the mirror in /etc/apt, or build another image",
            suite,
        ) from error


def _scopes() -> tuple[str, ...]:
    return ("Acquire::http", "Acquire::https", "Acquire::Check-Valid-Until", "Acquire::Check-Date")


def _host_mirrors() -> dict[str, str]:
    """Which mirror the host's apt uses, by suite."""
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    listed = _apt("apt-get", "indextargets", "--format", form, "Created-By: Packages")
    mirrors: dict[str, str] = {}
    for line in listed.splitlines():
        words = shlex.split(line)
        if len(words) == 3 and words[2] == "main":
            mirrors.setdefault(words[1], words[0])
    return mirrors


def _apt(*command: str) -> str:
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(
            f"{command[0]} does not work here, and images are built from apt's archives",
            "build on Debian or Ubuntu, and copy the cache",
            command[0],
        ) from error
    return done.stdout
