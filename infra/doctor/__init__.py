"""What this host can do: each check really tries, says what it saw, and how to mend it.

Nothing here changes the host. A check never raises: what it cannot find out is not ok.
"""

from __future__ import annotations

from infra.doctor.boundaries import boundary_probes
from infra.doctor.check import Check, Probe, examine
from infra.doctor.host import host_probes
from infra.doctor.installed import installation_probes

__all__ = ["Check", "Probe", "boundary_probes", "examine", "host_probes", "installation_probes"]
