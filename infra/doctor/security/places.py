"""Who can reach our files and sockets: modes, owners, listeners and locks, as the kernel has them."""

from __future__ import annotations

import os
import socket
import stat
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from infra.doctor.security.census import FLEET, HANDS_OVER, Census
from infra.doctor.security.process import Process
from infra.errors import Conflict, NotFound

SHM: Final = Path("/dev/shm")  # noqa: S108 - where guests' memory lies
LOCKS: Final = ("lock", "owner.lock")
"""What the process that has a hypervisor's root open holds; a private root has the second too."""
ANSWER_S: Final = 2.0


def not_root(census: Census) -> str:
    """Whether no process of ours, this one included, has or can get back root's rights."""
    if census.uid == 0:
        raise Conflict("this command runs as root", "runuser -u trawl -- trawl doctor --security")

    def look(process: Process) -> str | None:
        if process.program in HANDS_OVER:
            return None
        return f"runs as root: uids {process.status['Uid']}" if 0 in process.uids else None

    count = census.each(census.ours, look)
    return f"uid {census.uid}; of {count} processes of ours none has uid 0"


def no_port(census: Census) -> str:
    """Whether nothing of ours listens beyond this host's loopback."""
    own = [p for p in census.ours if p.program not in HANDS_OVER]
    if not own:
        raise NotFound("nothing of ours runs", FLEET)

    def look(process: Process) -> str | None:
        found = process.listens()
        return f"listens on {found[0]}" if found else None

    return f"{census.each(own, look)} processes of ours, no TCP port beyond loopback"


def private(census: Census) -> str:
    """Whether data, guests' memory and templates are closed to every other user."""
    memory = SHM / f"trawl-{census.uid}"
    kept = [census.settings.home, memory, *(memory / "templates").glob("*")]
    kept += (census.settings.cache / "templates").glob("*-*")
    there = [path for path in kept if path.is_dir()]
    if not there:
        raise NotFound(f"nothing was made yet: {census.settings.home}", "trawl image warm")
    for path in there:
        _refuse_others(path, 0o700)
    return f"0700 and of uid {census.uid}: {len(there)} directories, {there[0]} the first"


def sockets(census: Census) -> str:
    """Whether a guest's monitor and ports are this user's alone."""
    seen = 0

    def look(process: Process) -> str | None:
        nonlocal seen
        for path in process.unix_listening():
            _refuse_others(path, 0o600)
            if not any(_is_closed(parent, census.uid) for parent in path.parents):
                return f"listens at {path}, in no directory of 0700"
            seen += 1
        return None

    count = census.each(census.guests, look)
    return f"{seen} sockets of {count} guests: 0600, below a directory of 0700"


def controller(census: Census) -> str:
    """Whether the controller's socket is this user's alone, and this user's process has it."""
    path = census.controller_socket
    if not path.exists():
        raise NotFound("no controller runs", FLEET)
    _refuse_others(path, 0o600)
    _refuse_others(path.parent, 0o700)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(ANSWER_S)
        try:
            asking.connect(str(path))
        except OSError as error:
            raise NotFound(f"nobody listens at {path}", FLEET) from error
        credentials = asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    pid, uid, _ = struct.unpack("3i", credentials)
    if uid != census.uid:
        raise Conflict(f"uid {uid} listens at {path}", "end that process")
    return f"0600 in 0700; SO_PEERCRED: process {pid} of uid {uid} listens"


def owned(census: Census) -> str:
    """Whether each root that guests run below is held by one living process at most.

    The fleet's root may be nobody's for a while: the next controller adopts what runs there. A
    private root without an owner is what a killed process left.
    """
    roots = sorted({root for guest in census.guests if (root := _root(guest)) is not None})
    holders = _holders(census.proc)
    for root in roots:
        is_private = (root / LOCKS[1]).exists()
        lock = root / LOCKS[is_private]
        held = holders.get(_identity(lock), []) if lock.exists() else []
        if len(held) > 1:
            raise Conflict(f"{root} is held by {len(held)} processes", "end all but one")
        if is_private and not held:
            raise Conflict(f"guests of {root} have no owner", "trawl doctor ends what was left")
    return f"each held by one process or waiting for its next: {', '.join(map(str, roots))}"


def no_cores(census: Census) -> str:
    """Whether a crash of the controller or a browser leaves no copy of its memory."""
    own = [p for p in census.ours if p in census.controllers or "chrom" in p.program]
    if not own:
        raise NotFound("neither controller nor browser runs", FLEET)

    def look(process: Process) -> str | None:
        soft, _ = process.core_limits()
        return None if soft == "0" else f"dumps core: limit {soft}"

    return f"core limit 0 of {census.each(own, look)} processes"


def _refuse_others(path: Path, mode: int) -> None:
    """Raise Conflict where others have a right to `path`, or it is somebody else's."""
    found = path.stat()
    if found.st_uid != os.geteuid():
        raise Conflict(f"{path} belongs to uid {found.st_uid}", f"remove {path}")
    if stat.S_IMODE(found.st_mode) & 0o077:
        shown = f"{stat.S_IMODE(found.st_mode):o}"
        raise Conflict(f"{path} has mode {shown}", f"chmod {mode:o} {path}")


def _is_closed(path: Path, uid: int) -> bool:
    found = path.stat()
    return found.st_uid == uid and not stat.S_IMODE(found.st_mode) & 0o077


def _root(guest: Process) -> Path | None:
    """The hypervisor's root that a guest runs below, by its monitor's socket."""
    for path in guest.unix_listening():
        if path.name == "qmp" and path.parent.parent.name == "machines":
            return path.parent.parent.parent
    return None


def _identity(path: Path) -> str:
    """How /proc/locks names a file."""
    found = path.stat()
    major, minor = os.major(found.st_dev), os.minor(found.st_dev)
    return f"{major:02x}:{minor:02x}:{found.st_ino}"


def _holders(proc: Path) -> dict[str, list[int]]:
    """By file, the processes that hold a lock on it; those that only wait are left out."""
    held: dict[str, list[int]] = {}
    lines: Iterable[str] = (proc / "locks").read_text(encoding="ascii").splitlines()
    for line in lines:
        fields = line.split()
        if "->" not in fields:
            held.setdefault(fields[5], []).append(int(fields[4]))
    return held
