"""Building an image: packages into a tree, the tree into a disk, the disk under its hash.

The work is done in a user namespace below the temporary directory and published by one rename:
a build that is killed leaves no image, and the next one removes what it left.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from infra.clock import SystemClock
from infra.errors import NotFound, TrawlError, Unavailable
from infra.files import exclusive, fsync_dir, sha256_bytes, sha256_file
from infra.images import archive, namespace
from infra.images.image import DISK, INITRD, KERNEL, Image, Manifest, opened, save
from infra.images.recipes import Recipe, recipe
from infra.progress import Progress, Silent

HERE: Final = Path(__file__).parent
NEEDED_BYTES: Final = 6 * 1024**3
"""The tree, the disk made of it and its final copy, with room to spare."""
LOCK: Final = "lock"
PROGRAMS: Final = {
    "mmdebstrap": "mmdebstrap",
    "mke2fs": "e2fsprogs",
    "qemu-img": "qemu-utils",
    "newuidmap": "uidmap",
}


def build(
    name: str,
    cache: Path,
    progress: Progress | None = None,
    *,
    payload: Path | None = None,
    agent: str = "",
    floor_bytes: int = 0,
) -> Image:
    """The image of that recipe with the tree `payload` laid over it, built unless it is there.

    Raises NotFound for an unknown name, Unavailable where this host cannot build now.
    """
    wanted, told = recipe(name), progress or Silent()
    built_from = fingerprint(wanted, payload)
    directory = cache / "images" / f"{name}-{built_from[:12]}"
    with exclusive(cache / "images" / f".{name}.lock", f"building image {name}"):
        try:
            return opened(directory)
        except NotFound:
            pass
        check_host(cache, floor_bytes)
        with _scratch(name) as scratch:
            _fill(wanted, scratch, payload, told)
            return _publish(wanted, scratch, directory, (built_from, agent), told)


def fingerprint(wanted: Recipe, payload: Path | None) -> str:
    """The hash of everything that decides what the image will be."""
    trees = [_tree(tree) for tree in (HERE / "skeleton", payload) if tree is not None]
    parts = [asdict(wanted), sha256_file(HERE / "customize.sh"), *trees]
    return sha256_bytes(json.dumps(parts, sort_keys=True).encode())


def check_host(cache: Path, floor_bytes: int = 0) -> None:
    """Raise Unavailable, with the command that mends it, where no image can be built here."""
    for program, package in PROGRAMS.items():
        if shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
            raise Unavailable(f"{program} is missing", f"apt-get install {package}", program)
    namespace.check()
    for place in {Path(tempfile.gettempdir()), cache}:
        place.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(place).free
        if free < NEEDED_BYTES + floor_bytes:
            raise Unavailable(
                f"an image needs {(NEEDED_BYTES + floor_bytes) >> 30} GiB free below {place};"
                f" there are {free / 2**30:.1f}",
                "make room, or set TMPDIR and TRAWL_CACHE",
                str(place),
            )


@dataclass(frozen=True, slots=True)
class Scratch:
    """The places of one build: what goes in, the new root, and what comes out."""

    directory: Path
    shared: Path
    """Below a directory that others cannot list; the namespace's root writes here."""

    @property
    def overlay(self) -> Path:
        """The files laid over the packages."""
        return self.directory / "overlay"

    @property
    def root(self) -> Path:
        """The root file system; its files belong to the namespace."""
        return self.shared / "root"


@contextmanager
def _scratch(name: str) -> Iterator[Scratch]:
    """A place to build in, gone afterwards; those of builds that were killed go first."""
    prefix = f"trawl-image-{os.getuid()}-{name}-"
    for stale in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        _clear(stale)
    directory = Path(tempfile.mkdtemp(prefix=prefix))
    with exclusive(directory / LOCK, f"building in {directory}"):
        directory.chmod(0o711)
        shared = directory / secrets.token_hex(16)
        shared.mkdir()
        shared.chmod(0o777)
        try:
            yield Scratch(directory, shared)
        finally:
            namespace.remove(directory)


def _clear(stale: Path) -> None:
    """Remove what a killed build left; one that lives holds its lock, and is let be."""
    try:
        with exclusive(stale / LOCK, f"building in {stale}"):
            namespace.remove(stale)
    except (TrawlError, OSError):  # what cannot be removed hinders no other build
        return


def _fill(wanted: Recipe, scratch: Scratch, payload: Path | None, told: Progress) -> None:
    """Packages, then our files over them, then a file system made of it."""
    for tree in (HERE / "skeleton", payload):
        if tree is not None:
            shutil.copytree(tree, scratch.overlay, symlinks=True, dirs_exist_ok=True)
    script = scratch.directory / "customize.sh"
    shutil.copyfile(HERE / "customize.sh", script)
    key = scratch.directory / archive.keyring(wanted).name
    shutil.copyfile(archive.keyring(wanted), key)
    for path in (script, *scratch.overlay.rglob("*"), scratch.overlay, key):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == script or _runs(path) else 0o644)
    lines = archive.sources(wanted, key)
    told.say("asking the archive")
    archive.check_answers(lines[0], scratch.directory)
    environment = _environment(wanted, scratch)
    namespace.bootstrap(wanted, scratch.root, lines, environment=environment, told=told)
    told.say("making the disk")
    raw = scratch.shared / "disk.raw"
    namespace.run(
        "mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-L", "trawl", "-m", "0",
        "-d", str(scratch.root), str(raw), f"{wanted.disk_gib}G",
    )  # fmt: skip


def _environment(wanted: Recipe, scratch: Scratch) -> dict[str, str]:
    return {
        "TRAWL_OVERLAY": str(scratch.overlay),
        "TRAWL_OUT": str(scratch.shared),
        "TRAWL_CUSTOMIZE": str(scratch.directory / "customize.sh"),
        "TRAWL_MASKED": " ".join(wanted.masked),
        "TRAWL_MASKED_USER": " ".join(wanted.masked_user),
        "TRAWL_NO_AUTOSTART": " ".join(wanted.no_autostart),
    }


def _publish(
    wanted: Recipe, scratch: Scratch, directory: Path, origin: tuple[str, str], told: Progress
) -> Image:
    """Copy the parts to the cache under a hidden name, hash them, and rename."""
    partial = directory.with_name(f".{directory.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o755, parents=True)
    told.say("storing the disk")
    namespace.convert(scratch.shared / "disk.raw", partial / DISK)
    for name in (KERNEL, INITRD):
        shutil.copyfile(scratch.shared / name, partial / name)
    told.say("hashing")
    for name in (DISK, KERNEL, INITRD):
        (partial / name).chmod(0o444)
        with (partial / name).open("rb") as written:
            os.fsync(written.fileno())
    release = _pairs((scratch.shared / "os-release").read_text(encoding="utf-8"), "=")
    packages = _pairs((scratch.shared / "packages").read_text(encoding="utf-8"), " ")
    save(
        partial,
        Manifest(
            name=wanted.name,
            built_from=origin[0],
            built_ns=SystemClock().now_ns(),
            agent=origin[1],
            os_id=release.get("ID", ""),
            os_version=release.get("VERSION_ID", ""),
            cmdline=wanted.cmdline,
            files={name: sha256_file(partial / name) for name in (DISK, KERNEL, INITRD)},
            packages=packages,
        ),
    )
    partial.rename(directory)
    fsync_dir(directory.parent)
    return opened(directory)


def _pairs(text: str, separator: str) -> dict[str, str]:
    split = (line.partition(separator) for line in text.splitlines() if separator in line)
    return {key: value.strip('"') for key, _, value in split}


def _runs(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100)


def _tree(root: Path) -> list[list[str]]:
    """Every path of a tree with its mode and content, in order."""
    listed = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            listed.append([name, "link", str(path.readlink())])
        elif path.is_file():
            if path.stat().st_size > 64 << 20:
                raise TrawlError(f"{path} is too large for an image's overlay")
            listed.append([name, str(_runs(path)), sha256_file(path)])
    return listed
