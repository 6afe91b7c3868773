"""How a run goes: plan against what is done, steps over time, what failed and how, new states.

It is bounded however large the run is: steps by the newest so many, states by the newest recordings.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final, NamedTuple

from collector.views import replaced
from collector.views import run as view
from collector.views.remembered import remembered
from infra.errors import TrawlError
from infra.store import Tx, events, retries, runs

STEPS: Final = 20_000
"""Steps whose times are read."""
RECORDINGS: Final = 200
"""Recordings that are read for the curve of new states."""
POINTS: Final = 60
STATUSES: Final = (
    "completed", "running", "queued", "interrupted", "tainted", "infra_lost", "failed",
)  # fmt: skip
MIN_NS: Final = 60_000_000_000


class Seen(NamedTuple):
    """When an observation was made, and its screen."""

    at_ns: int
    sha256: str
    width: int
    height: int


class Glimpse(NamedTuple):
    """What a run's page needs of one recording."""

    seen: tuple[Seen, ...]
    took_s: float
    env: Any


def shown(tx: Tx, home: Path, run_id: str, now_ns: int) -> dict[str, Any]:
    """A run with all that its page draws, but for its episodes. Raises NotFound."""
    run = runs.get(tx, run_id)
    tallies = runs.tallies(tx, [run_id]).get(run_id, {})
    early = events.last_of(tx, view.ENDED_EARLY, run_id)
    return {
        **view.summary(run, tallies),
        "episodes": run.episodes,
        "steps_each": run.steps,
        "by_status": {name: tallies[name].episodes for name in STATUSES if name in tallies},
        "ended_early": early.reason if early else "",
        "is_open": run.status in runs.OPEN,
        "took_s": ((run.ended_ns or now_ns) - run.created_ns) / 1e9,
        "pace": pace(events.times(tx, run_id, "step.committed", STEPS)),
        "replaced": replaced.shown(tx, run, now_ns),
        "failures": [f._asdict() for f in runs.failures(tx, run_id)],
        "may_retry": sum(t.episodes for s, t in tallies.items() if s in retries.AGAIN),
        "novelty": novelty(home, run_id, runs.newest_recordings(tx, run_id, RECORDINGS)),
    }


def episodes(tx: Tx, run_id: str, most: int, after: int) -> list[dict[str, Any]]:
    """Some of a run's episodes, in order."""
    return [
        {"number": e.number, "status": e.status, "steps": e.steps, "recording": e.recording,
         "machine": e.machine, "attempts": e.attempts, "reason": e.reason,
         "took_s": (e.ended_ns - e.started_ns) / 1e9 if e.ended_ns and e.started_ns else None}
        for e in runs.listed_episodes(tx, run_id, most, after)
    ]  # fmt: skip


def pace(at_ns: list[int]) -> dict[str, Any]:
    """Steps a minute, over at most POINTS stretches of the time that these steps took."""
    if len(at_ns) < 2:
        return {"points": [], "per_min": 0.0, "steps": len(at_ns), "since_ns": None}
    first, last = at_ns[0], max(at_ns)
    wide = max(10_000_000_000, -(-(last - first + 1) // POINTS))
    counts = Counter((at - first) // wide for at in at_ns)
    points = [
        (number * wide / MIN_NS, counts[number] * MIN_NS / wide)
        for number in range((last - first) // wide + 1)
    ]
    per_min = len(at_ns) * MIN_NS / max(1, last - first)
    return {"points": points, "per_min": per_min, "steps": len(at_ns), "since_ns": first}


def novelty(home: Path, run_id: str, recordings: list[str]) -> dict[str, Any]:
    """States met by the minute since these recordings began, and the design that machines cover."""
    from collector.explore.graph import stored
    from collector.run_figures import Found

    glimpses = {name: seen for name in recordings if (seen := glimpse(home, name))}
    nodes, ways = _graph(stored.path_of(home, run_id))
    met = sorted(
        glimpses[recording].seen[number].at_ns
        for recording, number in nodes
        if recording in glimpses and number < len(glimpses[recording].seen)
    )
    machine_s = sum(seen.took_s for seen in glimpses.values())
    found = Found(len(nodes), ways, machine_s, tuple(seen.env for seen in glimpses.values()))
    begun = min((g.seen[0].at_ns for g in glimpses.values() if g.seen), default=0)
    return {
        **found.as_record(),
        "coverage": view.coverage(found),
        "recordings": len(glimpses),
        "points": [((at - begun) / MIN_NS, count) for count, at in enumerate(met, 1)],
    }


def glimpse(home: Path, name: str) -> Glimpse | None:
    """What is needed of a recording; None where it cannot be read here."""
    try:
        return _read(home / "recordings" / name / "log")
    except (OSError, ValueError, TrawlError):
        return None


@remembered(4096)
def _read(log: Path) -> Glimpse:
    from collector.run_figures import took_s
    from envs.recording import reader

    recording = reader.read(log.parent)
    seen = tuple(
        Seen(ref.tree.t_start_ns, ref.screen.sha256, ref.screen.width, ref.screen.height)
        for ref in recording.observations()
    )
    return Glimpse(seen, took_s(recording), recording.header.env)


def _graph(path: Path) -> tuple[list[tuple[str, int]], int]:
    """Where each state of a graph was first seen, and how many ways there are between them."""
    try:
        return _places(path)
    except OSError:
        return [], 0


@remembered(16)
def _places(path: Path) -> tuple[list[tuple[str, int]], int]:
    from collector.explore.graph import stored

    graph = stored.read(path)
    return [(n.place.recording, n.place.number) for n in graph.nodes], len(graph.edges)
