"""Directories of a built image's root file system, read without mounting it and without root.

The disk is unfolded once to a sparse file and its directories are taken out by `debugfs`; what was
taken is kept under the cache by the image's hash, symbolic links as links that nobody here follows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infra.errors import Corrupt, DeadlineExceeded, Unavailable
from infra.files import exclusive, sha256_bytes
from infra.images.image import Image

UNFOLD_S: Final = 600.0
TAKE_S: Final = 300.0
PATH: Final = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def directories(image: Image, names: Sequence[str], cache: Path) -> Path:
    """A tree that holds the directories `names` (absolute paths) of the image.

    Raises Unavailable where a program or room is missing, Corrupt for a disk that holds none of
    them, DeadlineExceeded.
    """
    key = sha256_bytes("\n".join((image.sha256, *sorted(names))).encode())
    target = cache / "image-files" / f"{image.name}-{key[:12]}"
    with exclusive(target.parent / f".{target.name}.lock", f"reading image {image.name}"):
        if not target.is_dir():
            _take(image, names, target)
    return target


def _take(image: Image, names: Sequence[str], target: Path) -> None:
    """Fill `target`, which appears whole or not at all."""
    need = 2 * image.disk.stat().st_size
    if shutil.disk_usage(target.parent).free < need:
        raise Unavailable(
            f"reading {image.name} needs {need >> 20} MiB below {target.parent}", "make room"
        )
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
        raw, tree = Path(scratch) / "disk.raw", Path(scratch) / "tree"
        _run(
            ["qemu-img", "convert", "-O", "raw", str(image.disk), str(raw)], "qemu-utils", UNFOLD_S
        )
        script = Path(scratch) / "script"
        lines = []
        for name in names:
            place = tree / name.strip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            lines.append(f'rdump "{name}" "{place.parent}"\n')
        script.write_text("".join(lines), encoding="utf-8")
        _run(["debugfs", "-f", str(script), str(raw)], "e2fsprogs", TAKE_S)
        if not any((tree / name.strip("/")).is_dir() for name in names):
            raise Corrupt(
                f"the disk of {image.name} holds none of {', '.join(names)}",
                "trawl image build",
                image.name,
            )
        tree.rename(target)


def _run(command: list[str], package: str, limit_s: float) -> None:
    environment = {**os.environ, "PATH": PATH, "LC_ALL": "C"}
    try:
        subprocess.run(
            command, env=environment, capture_output=True, timeout=limit_s, check=True, text=True
        )
    except FileNotFoundError as error:
        raise Unavailable(f"{command[0]} is missing", f"apt-get install {package}") from error
    except subprocess.TimeoutExpired as error:
        raise DeadlineExceeded(f"{command[0]} took over {limit_s:.0f} s") from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Unavailable(f"{command[0]} failed: {last[0]}", "trawl image build") from error
