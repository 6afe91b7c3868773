"""What somebody asks of the fleet, written as what is wanted where it can be had.

What cannot be had raises, and with the caller's transaction nothing of it is written.
"""

from __future__ import annotations

from collections import Counter

from collector.fleet import admission, checks
from infra.settings import Settings
from infra.store import machines, pools
from infra.store.engine import Tx
from infra.store.rows import Pool


def up(tx: Tx, settings: Settings, asked: list[Pool], at_ns: int) -> None:
    """Want these pools and no others. Raises Unavailable where the host has no room for them."""
    checks.startable(asked, settings)
    admission.admit(asked, there(tx), admission.Room.now(settings.home), settings)
    pools.want(tx, asked, at_ns)


def scale(tx: Tx, settings: Settings, pool: str, count: int, at_ns: int) -> None:
    """Want so many machines of one pool. Raises NotFound, and Unavailable without room for them."""
    present = there(tx)
    scaled = pools.scale(tx, pool, count, at_ns)
    checks.startable([scaled], settings)
    admission.admit([scaled], present, admission.Room.now(settings.home), settings)


def there(tx: Tx) -> Counter[str]:
    """How many machines each pool has."""
    return Counter(machine.pool for machine in machines.alive(tx))
