"""What this host can do: each check really tries, says what it saw, and how to mend it.

Nothing here changes the host. A check never raises: what it cannot find out is not ok. The
boundaries that keep guests and pages in are looked at in `security`.
"""

from __future__ import annotations

from infra.doctor.check import Check, Probe, examine
from infra.doctor.host import host_probes
from infra.doctor.installed import installation_probes

__all__ = ["Check", "Probe", "examine", "host_probes", "installation_probes"]
