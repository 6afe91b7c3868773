"""Who has a way out of a guest: connections to its egress port, against the mark of its machine.

The kernel says whether anybody is connected; the hypervisor's own record of a machine that runs
has its mark, and the mark names the hosts that its pool allows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from infra.doctor.security.census import Census
from infra.doctor.security.process import Process
from infra.egress import Policy
from infra.errors import UsageError
from infra.hypervisor.shape import read_mark

PORT: Final = "egress"
NETWORK: Final = "network"
"""The key of a mark that has the hosts a machine may reach."""


def marked(census: Census) -> str:
    """Whether nobody is connected to a guest's way out but where its pool names public hosts."""
    seen = 0

    def look(process: Process) -> str | None:
        nonlocal seen
        ports = [path for path in process.unix_connected() if path.name == PORT]
        if not ports:
            return None
        seen += 1
        try:
            policy = Policy.of(_hosts(process, ports[0].parents[2]))
        except UsageError as error:
            return f"has a way out to everybody: {error.message}"
        return None if policy.allow else "has a way out, and its pool names no host"

    count = census.each(census.guests, look)
    return f"{seen} of {count} guests have one in use, each for the hosts that its mark names"


def _hosts(process: Process, root: Path) -> list[str]:
    """The hosts in the mark of a guest's machine; none where there is no record of it."""
    for record in (root / "run" / "qemu").glob("*.xml"):
        mark = read_mark(record.read_text(encoding="utf-8"))
        if mark is not None and mark[0] in process.command:
            return [str(host) for host in mark[2].get(NETWORK, ())]
    return []
