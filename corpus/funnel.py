"""What was dropped and why: counts by category, step and reason, each with a few examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

EXAMPLES: Final = 5
EXAMPLE_CHARS: Final = 160


@dataclass(slots=True)
class Funnel:
    """The drops of one category, in the order its steps ran."""

    category: str
    read: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    _drops: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def enter(self, source: str) -> None:
        """One item of that source was read."""
        self.read[source] += 1

    def drop(self, source: str, step: str, reason: str, subject: str, count: int = 1) -> None:
        """An item was dropped at `step` for `reason`; `subject` says which, for the examples."""
        key = (source, step, reason)
        self._counts[key] += count
        examples = self._drops.setdefault(key, [])
        if len(examples) < EXAMPLES:
            examples.append(" ".join(subject.split())[:EXAMPLE_CHARS])

    def keep(self, source: str, count: int = 1) -> None:
        """So many samples of that source stand at the end."""
        if count:
            self.kept[source] += count

    def record(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "category": self.category,
            "read": dict(self.read),
            "kept": dict(self.kept),
            "dropped": self.rows(),
        }

    @classmethod
    def restored(cls, record: Mapping[str, Any]) -> Funnel:
        """The funnel that `record` was made of."""
        made = cls(record["category"], Counter(record["read"]), Counter(record["kept"]))
        for row in record["dropped"]:
            key = (row["source"], row["step"], row["reason"])
            made._counts[key] = row["count"]
            made._drops[key] = list(row["examples"])
        return made

    def rows(self) -> list[dict[str, Any]]:
        """Every reason with its count and examples, in the order first met."""
        return [
            {
                "category": self.category,
                "source": source,
                "step": step,
                "reason": reason,
                "count": self._counts[(source, step, reason)],
                "examples": list(examples),
            }
            for (source, step, reason), examples in self._drops.items()
        ]
