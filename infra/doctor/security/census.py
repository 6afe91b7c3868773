"""Which processes of this host are ours: by the places they work in, and by who started them.

The controller is known by the socket it listens on, a browser's driver and owner by its
supervisor, everything else by its command line; what they started belongs to them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from infra.doctor.security.process import PROC, Process, processes
from infra.errors import Conflict, NotFound
from infra.settings import Settings

HANDS_OVER: Final = frozenset(
    {"bash", "env", "nohup", "runuser", "setpriv", "sh", "su", "sudo", "timeout"}
)
"""Root's own programs that start ours as somebody else and wait."""
SUPERVISOR: Final = "supervisor.py"
FLEET: Final = "trawl fleet up --file infra/fleet.toml; then this once more"
BROWSER: Final = "trawl env check web; this in another terminal meanwhile"


@dataclass(frozen=True)
class Census:
    """The processes of one moment."""

    settings: Settings
    proc: Path = PROC
    uid: int = field(default_factory=os.geteuid)

    @cached_property
    def everybody(self) -> dict[int, Process]:
        """All processes by their id, without the one that looks and what started it."""
        found = {process.pid: process for process in processes(self.proc)}
        asking, seen = os.getpid(), set[int]()
        while asking in found and asking not in seen:
            seen.add(asking)
            asking = found[asking].parent
        return {pid: process for pid, process in found.items() if pid not in seen}

    @property
    def controller_socket(self) -> Path:
        """Where the controller of this home listens."""
        return self.settings.home / "run" / "controller.sock"

    @cached_property
    def controllers(self) -> list[Process]:
        """Whoever listens on the controller's socket."""
        own = [process for process in self.everybody.values() if self.uid in process.uids]
        return [p for p in own if self.controller_socket in _readable(p.unix_listening)]

    @cached_property
    def ours(self) -> list[Process]:
        """Controller, machines, browsers, drivers, and whatever any of them started."""
        marked = {pid for pid, process in self.everybody.items() if self._is_marked(process)}
        marked |= {process.pid for process in self.controllers}
        for process in [self.everybody[pid] for pid in marked]:
            marked |= _belonging(process)
        while more := self._children(marked) - marked:
            marked |= more
        return [process for pid, process in sorted(self.everybody.items()) if pid in marked]

    def _is_marked(self, process: Process) -> bool:
        places = (
            f"{self.settings.home}/",
            f"{self.settings.cache}/",
            "/trawl-web-",
            f"/trawl-host-{self.uid}-",
            f"/dev/shm/trawl-{self.uid}/",  # noqa: S108 - where guests' memory lies
        )
        return any(place in word for word in process.command for place in places)

    def _children(self, parents: set[int]) -> set[int]:
        return {pid for pid, process in self.everybody.items() if process.parent in parents}

    @property
    def guests(self) -> list[Process]:
        """Every QEMU that runs a machine of ours. Raises NotFound where none does."""
        found = [
            process
            for process in self.ours
            if process.program.startswith("qemu-system") and "-uuid" in process.command
        ]
        if not found:
            raise NotFound("no guest runs", FLEET)
        return found

    @property
    def browsers(self) -> list[Process]:
        """Every process of a browser of ours. Raises NotFound where none runs."""
        found = [process for process in self.ours if "chrom" in process.program]
        if not found:
            raise NotFound("no browser runs", BROWSER)
        return found

    def each(self, among: Iterable[Process], look: Callable[[Process], str | None]) -> int:
        """Look at each that is still there; how many were. Raises Conflict with what `look` says.

        One that may not be looked into is no proof of anything: NotFound.
        """
        count = 0
        for process in among:
            try:
                complaint = look(process)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
            except PermissionError as error:
                raise NotFound(
                    f"{process} may not be looked into", "run this as its user"
                ) from error
            if complaint:
                raise Conflict(f"{process} {complaint}")
            count += 1
        return count


def _belonging(process: Process) -> set[int]:
    """The driver and the owner of the browser that this supervisor minds."""
    for position, word in enumerate(process.command):
        if Path(word).name == SUPERVISOR and len(process.command) > position + 1:
            owner = process.command[position + 1]
            return {process.parent, int(owner)} if owner.isdigit() else {process.parent}
    return set()


def _readable(read: Callable[[], list[Path]]) -> list[Path]:
    """What `read` gives; nothing where we may not look."""
    try:
        return read()
    except OSError:
        return []
