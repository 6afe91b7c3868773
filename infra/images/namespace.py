"""Root of a user namespace, which owns an image's files while it is built, and nothing outside.

The host's user gets there by the range of subordinate ids that `useradd` gives every user.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from infra.errors import TrawlError, Unavailable
from infra.images import archive
from infra.images.recipes import Recipe
from infra.progress import Progress

BUILD_S: Final = 3600.0
TAIL: Final = 25
"""Lines of a failed build's output that its error carries."""
EARLY: Final = (
    'mkdir -p "$1/etc/initramfs-tools/conf.d" && cp'
    ' "$TRAWL_OVERLAY/etc/initramfs-tools/conf.d/trawl" "$1/etc/initramfs-tools/conf.d/"'
)
"""The initramfs is made while the kernel's package is configured: it must be small by then."""


def check() -> None:
    """Raise Unavailable where this user cannot become root of a namespace."""
    if os.getuid() == 0:
        raise Unavailable("images are not built by root", "run it as an ordinary user")
    try:
        _helper("true")
    except subprocess.SubprocessError as error:
        raise Unavailable(
            "this user may not make user namespaces with a range of ids",
            "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER, and"
            " sysctl kernel.unprivileged_userns_clone=1 where that exists",
        ) from error


def run(*command: str) -> None:
    """Run a program as the namespace's root. Raises TrawlError with the end of what it said."""
    try:
        _helper(*command)
    except subprocess.CalledProcessError as error:
        tail = "\n".join(str(error.stderr).splitlines()[-TAIL:])
        raise TrawlError(f"{command[0]} failed: {tail}", subject=command[0]) from error


def remove(tree: Path) -> None:
    """Delete a tree whose files belong partly to the namespace and partly to us."""
    for child in tree.glob("*"):
        if child.is_dir() and not child.is_symlink() and child.stat().st_mode & 0o002:
            run("find", str(child), "-mindepth", "1", "-delete")
    shutil.rmtree(tree, ignore_errors=True)


def bootstrap(
    wanted: Recipe,
    root: Path,
    sources: Sequence[str],
    *,
    environment: Mapping[str, str],
    told: Progress,
) -> None:
    """Fill `root` with the recipe's packages and run the customisation in it."""
    command = [
        "mmdebstrap", "--mode=unshare", "--variant=minbase", "--format=directory",
        f"--include={','.join(wanted.packages)}",
        '--aptopt=APT::Install-Recommends "false"',
        *(f"--aptopt={line}" for line in archive.options()),
        *(f"--dpkgopt={line}" for line in wanted.dpkg),
        "--skip=cleanup/reproducible",
        f"--setup-hook={EARLY}",
        '--customize-hook="$TRAWL_CUSTOMIZE" "$1"',
        wanted.suite, str(root), *sources,
    ]  # fmt: skip
    scratch = {"TMPDIR": str(root.parent), "HOME": str(root.parent)}
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, **environment, **scratch},
    ) as process:
        tail = _follow(process, told)
    if process.returncode != 0:
        raise Unavailable(
            f"mmdebstrap could not build {wanted.name}:\n" + "\n".join(tail),
            "the last lines say which package or file it was",
            wanted.name,
        )


def convert(raw: Path, target: Path) -> None:
    """Store a raw disk as qcow2, without its holes."""
    command = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", str(raw), str(target)]
    subprocess.run(command, check=True, timeout=BUILD_S)


def _follow(process: subprocess.Popen[str], told: Progress) -> Sequence[str]:
    """Tell each stage as it begins; the last lines said."""
    tail: deque[str] = deque(maxlen=TAIL)
    for line in process.stderr or ():
        text = line.strip()
        if text.startswith("I: ") and not text.startswith("I: cleaning"):
            told.say(text[3:].rstrip(".…"))
        elif text:
            tail.append(text)
    return tail


def _helper(*command: str) -> None:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    subprocess.run(
        ["mmdebstrap", "--unshare-helper", *command],
        check=True,
        capture_output=True,
        text=True,
        timeout=BUILD_S,
        env={**os.environ, "PATH": path},
    )
