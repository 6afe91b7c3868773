"""What a run's recordings and graph say of it: states, new states a minute, actions used.

Machine time is the time the run's recordings cover, from each one's first observation to its last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collector.explore.graph import stored
from envs.actions import Action, Click, Family, Scroll, names_of
from envs.recording import reader
from envs.recording.types import Recording
from envs.types import EnvInfo
from infra.errors import TrawlError

NO_HANDS = frozenset({"terminate", "answer", "ask_user"})
"""Actions that end an episode or speak to a person: no machine performs them."""
FAMILIES: tuple[Family, ...] = ("desktop", "web")


@dataclass(frozen=True, slots=True)
class Found:
    """How many states a run met, in how much machine time."""

    states: int
    ways: int
    machine_s: float
    machines: tuple[EnvInfo, ...] = ()
    """What its recordings say of their machines, one each."""

    @property
    def per_min(self) -> float:
        """New states a minute of machine time; 0 where no time was spent."""
        return 60.0 * self.states / self.machine_s if self.machine_s > 0 else 0.0

    def as_record(self) -> dict[str, Any]:
        """As `--json` shows it."""
        return {
            "states": self.states,
            "ways": self.ways,
            "machine_s": round(self.machine_s, 1),
            "new_states_per_min": round(self.per_min, 2),
        }


@dataclass(slots=True)
class Uses:
    """How often each action was used, by the family of the machine; variants beside their action."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    variants: Counter[str] = field(default_factory=Counter)

    def add(self, recording: Recording) -> None:
        """Count a recording's committed steps."""
        counts = self.counts.setdefault(recording.header.family, Counter())
        for step in recording.steps:
            counts[step.action.name] += 1
            self.variants.update(_variants(step.action))

    def rows(self) -> list[dict[str, Any]]:
        """Each action of the desktop and web spaces with its counts, zeros among them."""
        names = sorted({n for f in FAMILIES for n in names_of(f)} - NO_HANDS)
        rows = []
        for name in names:
            row: dict[str, Any] = {"action": name}
            for family in FAMILIES:
                belongs = name in names_of(family)
                row[family] = self.counts.get(family, Counter())[name] if belongs else None
            rows.append(row)
        return rows

    def unused(self) -> list[str]:
        """The actions that were not used on any machine."""
        return [row["action"] for row in self.rows() if not (row["desktop"] or row["web"])]


def found(home: Path, run: str, recordings: Iterable[str]) -> Found:
    """The states of a run's graph on this host, the time its recordings took, their machines."""
    graph = stored.read(stored.path_of(home, run))
    spent_s, machines = 0.0, []
    for recording in _read(home, recordings):
        spent_s += took_s(recording)
        machines.append(recording.header.env)
    return Found(len(graph.nodes), len(graph.edges), spent_s, tuple(machines))


def uses(home: Path, run: str = "") -> Uses:
    """The actions of a run's recordings, or of all under `home`."""
    counted = Uses()
    for recording in _read(home, (path.name for path in reader.directories(home))):
        if not run or recording.header.run_id == run:
            counted.add(recording)
    return counted


def _read(home: Path, names: Iterable[str]) -> Iterator[Recording]:
    """The recordings that can be read; what is damaged or elsewhere is left out."""
    for name in names:
        try:
            yield reader.read(home / "recordings" / name)
        except TrawlError:
            continue


def took_s(recording: Recording) -> float:
    """The time from a recording's first observation to its last step."""
    if recording.first is None or not recording.steps:
        return 0.0
    return (recording.steps[-1].t_commit_ns - recording.first.tree.t_start_ns) / 1e9


def _variants(action: Action) -> Iterator[str]:
    """What an action's own name does not say: sideways, another button, keys held."""
    if isinstance(action, Scroll) and action.dx:
        yield "scroll sideways"
    if isinstance(action, Click) and action.modifiers:
        yield f"click with {'+'.join(action.modifiers)}"
