"""Episodes of an ended run that did not complete, queued once more."""

from __future__ import annotations

from typing import Final

from sqlalchemy import update

from infra.errors import Conflict
from infra.store import events, runs
from infra.store.engine import Tx
from infra.store.models import EpisodeTable, RunTable

AGAIN: Final = ("failed", "infra_lost", "interrupted")
"""A tainted episode is not among them: what it did is not known, and its recording says so."""


def retry(tx: Tx, run_id: str, at_ns: int) -> int:
    """Queue what did not complete again, with all its attempts; how many episodes that are.

    Their recordings stay; each attempt writes one of its own. Where nothing is to be done the run
    stays ended. Raises NotFound, Conflict for a run that goes on.
    """
    if runs.get(tx, run_id).status in runs.OPEN:
        raise Conflict(f"{run_id} goes on", f"trawl run follow {run_id}", run_id)
    again = tx.scalars(
        update(EpisodeTable)
        .where(EpisodeTable.run == run_id, EpisodeTable.status.in_(AGAIN))
        .values(status="queued", attempts=0, started_ns=None, ended_ns=None)
        .returning(EpisodeTable.number)
    ).all()
    if again:
        tx.execute(
            update(RunTable).where(RunTable.id == run_id).values(status="queued", ended_ns=None)
        )
        events.add(tx, at_ns, "run.retried", run_id, episodes=len(again))
    return len(again)
