"""What a build kept and what it left out, counted: the figures of `trawl ground stats`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from envs.types import EnvInfo
from grounding import elements
from grounding.elements import Harvest
from grounding.goals.cut import Cuts
from grounding.records import Record
from grounding.text import language

Counts = Counter[str]


@dataclass(slots=True)
class Stats:
    """The counts of one build; `recordings = read + refused` and `screens = kept + left out`."""

    recordings: int = 0
    refused: Counts = field(default_factory=Counter)
    """Recordings not read, by reason."""
    screens: int = 0
    left_out: Counts = field(default_factory=Counter)
    """Screens not grounded, by reason."""
    kept_screens: int = 0
    elements: int = 0
    dropped: Counts = field(default_factory=Counter)
    """Elements dropped on kept screens, by reason."""
    roles: Counts = field(default_factory=Counter)
    data_types: Counts = field(default_factory=Counter)
    applications: Counts = field(default_factory=Counter)
    platforms: Counts = field(default_factory=Counter)
    systems: Counts = field(default_factory=Counter)
    names: Counts = field(default_factory=Counter)
    """Named elements by where the name came from, unnamed ones as `none:reason`."""
    languages: Counts = field(default_factory=Counter)
    expressions: Counts = field(default_factory=Counter)
    """By `kind/lang`."""
    unreferred: int = 0
    """Kept elements that no expression picks out alone."""
    steps: int = 0
    steps_by_platform: Counts = field(default_factory=Counter)
    actions: Counts = field(default_factory=Counter)
    trajectories: int = 0
    goals: Counts = field(default_factory=Counter)
    """Trajectories cut at goals, by kind."""
    goal_steps: int = 0
    steps_cut: Counts = field(default_factory=Counter)
    """Steps that serve no goal, by reason; with `goal_steps` they are all `steps`."""
    terminals: Counts = field(default_factory=Counter)
    outcomes: Counts = field(default_factory=Counter)
    """Steps: `effective`, `nothing`, `rejected`."""
    thought_flags: Counts = field(default_factory=Counter)
    """Thoughts left out for good, by flaw."""
    thoughts_mended: Counts = field(default_factory=Counter)

    def count_screen(self, env: EnvInfo, record: Record, harvest: Harvest) -> None:
        """Add one kept screen."""
        self.kept_screens += 1
        self.elements += len(harvest.kept)
        self.dropped.update(harvest.dropped)
        self.platforms[env.platform] += len(harvest.kept)
        self.systems[f"{env.os_id} {env.os_version}".strip() or "unknown"] += len(harvest.kept)
        for node in harvest.kept:
            self.roles[node.element.role] += 1
            self.data_types[elements.data_type(node)] += 1
            self.applications[node.app or "unknown"] += 1
        for row in record.rows:
            self._count_words(row.element)

    def _count_words(self, element: dict[str, Any]) -> None:
        if element["name"]:
            self.names[element["name_source"]] += 1
            self.languages[language(element["name"])] += 1
        else:
            self.names[f"none:{element['no_name_reason']}"] += 1
        for said in element["expressions"]:
            self.expressions[f"{said['kind']}/{said['lang']}"] += 1
        self.unreferred += not element["expressions"]

    def count_trajectory(self, trajectory: dict[str, Any]) -> None:
        """Add one trajectory."""
        self.trajectories += 1
        self.terminals[trajectory["terminal"]] += 1
        for step in trajectory["steps"]:
            self.steps += 1
            self.steps_by_platform[trajectory["platform"]] += 1
            self.actions[step["action"]["name"]] += 1
            applied = step["outcome"] == "applied"
            effect = "effective" if step["did_anything"] else "nothing"
            self.outcomes[effect if applied else "rejected"] += 1

    def count_functions(self, taught: list[dict[str, Any]]) -> None:
        """Add the expressions by function that elements of a record got."""
        for element in taught:
            by_function = [e for e in element["expressions"] if e["kind"] == "function"]
            self.expressions.update(f"function/{said['lang']}" for said in by_function)
            self.unreferred -= len(by_function) == len(element["expressions"])

    def count_cuts(self, made: Cuts) -> None:
        """Add one recording's goals, and its steps that serve none."""
        self.steps_cut.update(made.left)
        for cut in made.cuts:
            self.goals[cut.kind] += 1
            self.goal_steps += len(cut.steps)

    def as_record(self) -> dict[str, Any]:
        """Plain data, the commonest first inside each count."""
        plain: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            plain[name] = _ordered(value) if isinstance(value, Counter) else value
        screens = max(1, self.kept_screens)
        plain["elements_per_screen"] = round(self.elements / screens, 1)
        return plain


def _ordered(counts: Counts) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
