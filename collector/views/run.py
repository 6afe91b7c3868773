"""Runs: what was submitted, how far it is, what its recordings and its graph say of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.store import Tx, events, runs
from infra.store.rows import Run

if TYPE_CHECKING:
    from collector.run_figures import Found

ENDED_EARLY = "run.enough"


def listed(tx: Tx, most: int = 100) -> list[dict[str, Any]]:
    """The newest runs, newest first."""
    found = runs.listed(tx, most)
    tallies = runs.tallies(tx, [run.id for run in found])
    return [summary(run, tallies.get(run.id, {})) for run in found]


def summary(run: Run, tallies: Mapping[str, runs.Tally]) -> dict[str, Any]:
    """A run in one row, of its episodes by status."""
    ended = sum(t.episodes for s, t in tallies.items() if s not in ("queued", "running"))
    return {
        "id": run.id, "pool": run.pool, "explorer": run.explorer, "seed": run.seed,
        "status": run.status, "done": f"{ended}/{run.episodes}",
        "steps": sum(tally.steps for tally in tallies.values()), "created_ns": run.created_ns,
        "ended_ns": run.ended_ns,
    }  # fmt: skip


def shown(tx: Tx, home: Path, run_id: str) -> dict[str, Any]:
    """One run, what it found and each of its episodes. Raises NotFound with the nearest id."""
    from collector.run_figures import found

    run = runs.get(tx, run_id)
    episodes = runs.episodes(tx, run_id)
    early = events.last_of(tx, ENDED_EARLY, run_id)
    met = found(home, run_id, [e.recording for e in episodes if e.recording])
    return {
        **summary(run, runs.tallies(tx, [run_id]).get(run_id, {})),
        "coverage": coverage(met),
        **met.as_record(),
        "ended_early": early.reason if early else "",
        "episodes": [
            {"number": e.number, "status": e.status, "steps": e.steps, "recording": e.recording,
             "machine": e.machine, "attempts": e.attempts, "reason": e.reason}
            for e in episodes
        ],
    }  # fmt: skip


def coverage(met: Found) -> dict[str, int] | None:
    """How much of the design of their kind the run's machines cover; None without a design.

    Their recordings say of which kind they were: the pool may be gone.
    """
    from collector.diversity import seen

    covered = seen.of_machines(met.machines)
    if covered is None:
        return None
    return {"covered": covered.covered, "possible": covered.possible, "rows": covered.rows}


def actions(home: Path, run_id: str = "") -> dict[str, Any]:
    """How often each action of the desktop and web spaces was used, of a run or of all."""
    from collector.run_figures import uses

    counted = uses(home, run_id)
    return {
        "actions": counted.rows(),
        "variants": dict(counted.variants),
        "unused": counted.unused(),
    }


def tasks() -> list[dict[str, str]]:
    """The goals that the explorer `tasks` draws from, with their blanks."""
    from collector.explore.tasks.catalogue import TASKS

    return [
        {"id": t.id, "where": t.where, "family": t.family, "goal": t.goal[0], "goal_zh": t.goal[1]}
        for t in TASKS.values()
    ]
