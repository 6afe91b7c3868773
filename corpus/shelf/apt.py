"""Getting a package's file through apt, without root.

Where the host's own package lists know the package, they are used; where they are missing or
empty, private lists are fetched below the cache, from the host's configured sources.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.errors import Corrupt, DeadlineExceeded, Unavailable
from infra.files import sha256_file

LISTS_S: Final = 180.0
FETCH_S: Final = 600.0
FIELDS: Final = ("Version", "SHA256", "Size", "Installed-Size")


@dataclass(frozen=True, slots=True)
class Candidate:
    """The version apt would fetch, and what its archive says of the file's hash and sizes."""

    package: str
    version: str
    sha256: str
    size_bytes: int
    unpacked_bytes: int


@dataclass(slots=True)
class Apt:
    """apt for one cache directory."""

    cache: Path
    _options: tuple[str, ...] = ()

    def candidate(self, package: str) -> Candidate:
        """What would be fetched. Raises Unavailable where no list knows the package."""
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Unavailable(
                "no apt-get or dpkg-deb on this host", "the shelf needs Debian or Ubuntu"
            )
        found = self._show(package)
        if found is None and not self._options:
            self._private_lists()
            found = self._show(package)
        if found is None:
            raise Unavailable(
                f"apt knows no package {package}",
                "is it spelled so? `apt-get update` as root brings new lists",
                package,
            )
        return found

    def fetch(self, wanted: Candidate, directory: Path) -> Path:
        """Download that version into `directory` and verify it. Raises Unavailable or Corrupt."""
        directory.mkdir(parents=True, exist_ok=True)
        self._run(
            ["apt-get", *self._options, "-q", "download", f"{wanted.package}={wanted.version}"],
            FETCH_S,
            directory,
        )
        files = sorted(directory.glob(f"{wanted.package}_*.deb"))
        if len(files) != 1:
            raise Unavailable(f"apt-get left no file for {wanted.package}", "look at apt's sources")
        if sha256_file(files[0]) != wanted.sha256:
            raise Corrupt(
                f"{files[0].name} is not what the archive's list says", "run `apt-get update`"
            )
        return files[0]

    def _show(self, package: str) -> Candidate | None:
        text = self._run(
            ["apt-cache", *self._options, "show", "--no-all-versions", package],
            60.0,
            None,
            check=False,
        )
        fields = dict(re.findall(rf"^({'|'.join(FIELDS)}): (\S+)$", text, re.MULTILINE))
        if set(fields) != set(FIELDS):
            return None
        version, sha256, size, unpacked_kib = (fields[name] for name in FIELDS)
        return Candidate(package, version, sha256, int(size), int(unpacked_kib) << 10)

    def _private_lists(self) -> None:
        """Fetch the lists of the host's sources into our own directory."""
        root = self.cache / "apt"
        for name in ("lists/partial", "archives/partial"):
            (root / name).mkdir(parents=True, exist_ok=True)
        self._options = (
            "-o", f"Dir::State::Lists={root / 'lists'}",
            "-o", f"Dir::Cache={root}",
            "-o", f"Dir::Cache::Archives={root / 'archives'}",
            "-o", "Debug::NoLocking=1",
        )  # fmt: skip
        self._run(["apt-get", *self._options, "-q", "update"], LISTS_S, None)

    def _run(self, command: list[str], limit_s: float, cwd: Path | None, check: bool = True) -> str:
        environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
        try:
            done = subprocess.run(
                command, cwd=cwd, env=environment, capture_output=True, text=True,
                errors="replace", timeout=limit_s, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise DeadlineExceeded(
                f"{command[0]} took over {limit_s:.0f} s", "is the archive up?"
            ) from error
        if check and done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise Unavailable(f"{command[0]} failed: {last[0]}", "see `apt-get update`")
        return done.stdout
