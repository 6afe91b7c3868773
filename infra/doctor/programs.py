"""Programs that must really start: QEMU, libvirt's embedded driver, Chromium, the image's tools."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from typing import Final

from infra.errors import Unavailable

START_S: Final = 60.0
QMP: Final = "\n".join(
    json.dumps({"execute": verb}) for verb in ("qmp_capabilities", "query-version", "quit")
)
PAGE: Final = "data:text/html,<script>document.write(6*7)</script>"
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
IMAGE_TOOLS: Final = {
    "mmdebstrap": "mmdebstrap",
    "newuidmap": "uidmap",
    "mke2fs": "e2fsprogs",
    "qemu-img": "qemu-utils",
    "zstd": "zstd",
}


def answer_of(command: Sequence[str], given: str = "", within_s: float = START_S) -> str:
    """What a program writes before it ends well. Raises Unavailable; leaves no process behind."""
    try:
        program = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable(f"{command[0]} does not start: {error.strerror}") from error
    with program:
        try:
            out, err = program.communicate(given, timeout=within_s)
        except subprocess.TimeoutExpired as error:
            raise Unavailable(f"{command[0]} gave no answer in {within_s:.0f} s") from error
        finally:
            _end_group(program.pid)
    if program.returncode:
        last = (err.strip() or out.strip() or "no word why").splitlines()[-1]
        raise Unavailable(f"{command[0]} ended with {program.returncode}: {last[:200]}")
    return out


def _end_group(leader: int) -> None:
    """Kill what a program started and left; it leads its own process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def qemu() -> str:
    """Start a paused machine without a disk and ask it for its version."""
    path = shutil.which("qemu-system-x86_64")
    if path is None:
        raise Unavailable("no qemu-system-x86_64 on PATH")
    command = [path, "-machine", "q35", "-accel", "tcg", "-m", "64", "-nodefaults"]
    said = answer_of([*command, "-display", "none", "-S", "-qmp", "stdio"], QMP + "\n")
    greeting = json.loads(said.splitlines()[0])
    version = greeting["QMP"]["version"]["qemu"]
    return f"{path} {version['major']}.{version['minor']}.{version['micro']} starts"


def libvirt() -> str:
    """Open the embedded driver in a directory of its own."""
    from infra.clock import SystemClock
    from infra.hypervisor import Host, private_root

    host = Host(private_root(), SystemClock(), "tcg")
    host.open()
    host.close()
    return "qemu:///embed opens"


def chromium() -> str:
    """Start the browser without a window, with its sandbox, and have it run a line of script."""
    if os.geteuid() == 0:
        raise Unavailable("its sandbox needs an ordinary user", "runuser -u trawl -- trawl doctor")
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        raise Unavailable("no chromium on PATH")
    with tempfile.TemporaryDirectory(prefix="trawl-doctor-", ignore_cleanup_errors=True) as profile:
        flags = ["--headless=new", "--no-first-run", "--disable-gpu", "--no-proxy-server"]
        page = answer_of([path, *flags, f"--user-data-dir={profile}", "--dump-dom", PAGE])
    if "42" not in page:
        raise Unavailable(f"{path} starts but runs no script")
    return f"{path} starts, sandboxed"


def image_tools() -> str:
    """What builds an image without root: the programs, a user namespace, a range of ids."""
    missing = [
        package for name, package in IMAGE_TOOLS.items() if shutil.which(_sbin(name)) is None
    ]
    if missing:
        packages = " ".join(missing)
        raise Unavailable(f"missing: {packages}", f"apt-get install {packages}")
    if os.geteuid() != 0:
        answer_of(["unshare", "--user", "--map-auto", "--map-root-user", "true"])
    return f"{', '.join(IMAGE_TOOLS)}; user namespaces"


def _sbin(name: str) -> str:
    """`name`, or its path where only the system's own directory has it."""
    return name if shutil.which(name) else f"/usr/sbin/{name}"


def fonts() -> str:
    """Whether text in Latin and Chinese script has a font."""
    families = {
        script: answer_of(["fc-list", f":lang={script}", "family"]).splitlines()
        for script in ("en", "zh-cn")
    }
    bare = [script for script, found in families.items() if not found]
    if bare:
        raise Unavailable(f"no font for {', '.join(bare)}")
    return "; ".join(f"{script}: {len(found)}" for script, found in families.items())
