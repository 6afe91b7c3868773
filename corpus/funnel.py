"""What was dropped and why: counts by category, step and reason, each with a few examples."""

from __future__ import annotations

from collections import Counter
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

    def keep(self, source: str) -> None:
        """One sample of that source stands at the end."""
        self.kept[source] += 1

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
