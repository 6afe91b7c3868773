"""A run is submitted: checked, planned, and told to the controller that works it off."""

from __future__ import annotations

from collections.abc import Callable

from collector.fleet import client
from infra.errors import NotFound, Unavailable
from infra.settings import Settings
from infra.store import Store, pools, runs
from infra.store.engine import Tx
from infra.store.rows import Run


def submit(
    store: Store, settings: Settings, run: Run, note: Callable[[Tx], object] = lambda _: None
) -> None:
    """Record a run and plan its episodes; `note` writes more in the same transaction.

    Raises NotFound for an unknown pool or explorer, UsageError for a mixture that is none,
    Unavailable where no controller would work it off.
    """
    from collector.explore.explorers import mixture

    mixture(run.explorer)
    with store.read() as tx:
        known = [pool.name for pool in pools.listed(tx)]
    if run.pool not in known:
        raise NotFound.among("pool", run.pool, known, "trawl fleet up --file fleet.toml")
    if not client.is_up(settings):
        raise Unavailable("no controller is running", "trawl fleet up --file fleet.toml")
    with store.write() as tx:
        runs.submit(tx, run)
        note(tx)
    client.wake(settings)
