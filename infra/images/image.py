"""A built image on disk: its manifest, finding it, and proving that no byte of it changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from infra.errors import Corrupt, NotFound
from infra.files import publish, sha256_bytes, sha256_file
from infra.images.recipes import recipe
from infra.progress import Progress, Silent

MANIFEST: Final = "manifest.json"
DISK, KERNEL, INITRD = "disk.qcow2", "vmlinuz", "initrd.img"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an image is and was made from."""

    name: str
    built_from: str
    """The hash of everything that went in: recipe, files, guest payload."""
    built_ns: int
    agent: str
    os_id: str
    os_version: str
    cmdline: str
    files: dict[str, str]
    """The SHA-256 of each file of the image."""
    packages: dict[str, str]
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """The manifest as it is stored."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def parse(cls, data: bytes, subject: str) -> Manifest:
        """The manifest that `data` holds. Raises Corrupt."""
        try:
            values: dict[str, Any] = json.loads(data)
            manifest = cls(**values)
        except (ValueError, TypeError) as error:
            raise Corrupt(f"{subject} is no manifest", "trawl image build", subject) from error
        if manifest.format != FORMAT or set(manifest.files) != {DISK, KERNEL, INITRD}:
            raise Corrupt(f"{subject} is of another format", "trawl image build", subject)
        return manifest


@dataclass(frozen=True, slots=True)
class Image:
    """A bootable image: `sha256` is its manifest's, which holds the hash of every file."""

    name: str
    sha256: str
    directory: Path
    disk: Path
    kernel: Path
    initrd: Path
    cmdline: str
    manifest: Manifest


def opened(directory: Path) -> Image:
    """The image in `directory`. Raises NotFound where there is none, Corrupt where it is torn."""
    path = directory / MANIFEST
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"no image in {directory}", "trawl image build", str(directory)) from error
    manifest = Manifest.parse(data, str(path))
    return Image(
        name=manifest.name,
        sha256=sha256_bytes(data),
        directory=directory,
        disk=directory / DISK,
        kernel=directory / KERNEL,
        initrd=directory / INITRD,
        cmdline=manifest.cmdline,
        manifest=manifest,
    )


def save(directory: Path, manifest: Manifest) -> None:
    """Write the manifest; from then on the directory is an image."""
    publish(directory / MANIFEST, manifest.as_bytes())


def every(cache: Path) -> Iterator[Image]:
    """All images in the cache, the newest first."""
    found = [opened(path.parent) for path in (cache / "images").glob(f"*-*/{MANIFEST}")]
    yield from sorted(found, key=lambda image: image.manifest.built_ns, reverse=True)


def find(name: str, cache: Path) -> Image:
    """The newest image of that name. Raises NotFound with the command that builds it."""
    recipe(name)
    for image in every(cache):
        if image.name == name:
            return image
    raise NotFound(f"image {name!r} is not built yet", f"trawl image build {name}", name)


def verify(image: Image, progress: Progress | None = None) -> None:
    """Read every byte of the image. Raises Corrupt naming the first file that changed."""
    told = progress or Silent()
    for name, expected in sorted(image.manifest.files.items()):
        told.say(name)
        try:
            actual = sha256_file(image.directory / name)
        except FileNotFoundError as error:
            raise Corrupt(f"{image.directory / name} is missing", _mend(image), name) from error
        if actual != expected:
            raise Corrupt(f"{image.directory / name} was changed", _mend(image), name)


def _mend(image: Image) -> str:
    return f"delete {image.directory} and run `trawl image build {image.name}`"
