"""Which code made something: the hash of the packages that it came from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from infra.files import sha256_bytes, sha256_file


def code_sha256(*packages: ModuleType) -> str:
    """The hash of the packages' Python files, by name and content."""
    return sha256_bytes("".join(_files(packages)).encode())


def _files(packages: tuple[ModuleType, ...]) -> Iterator[str]:
    for package in packages:
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            yield f"{root.name}/{path.relative_to(root)} {sha256_file(path)}\n"
