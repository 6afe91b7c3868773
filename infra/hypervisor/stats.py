"""What a machine costs the host, read from its process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from infra.errors import InfraLost


@dataclass(frozen=True, slots=True)
class DomainStats:
    """A machine's process, the memory that only it has, and the processor time it took.

    Of a fork's guest memory that is what it wrote. Pages that it only read stay the template's,
    though the kernel calls them private while no second fork has them mapped.
    """

    pid: int
    private_bytes: int
    cpu_s: float


def read(pid: int) -> DomainStats:
    """The figures of process `pid` now. Raises InfraLost where it is gone."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InfraLost(f"process {pid} of the machine is gone", subject=str(pid)) from error
    lines = rollup.splitlines()
    private = sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Anonymous:"))
    fields = stat.rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return DomainStats(pid, private, ticks / os.sysconf("SC_CLK_TCK"))
