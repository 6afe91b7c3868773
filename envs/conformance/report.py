"""What a run of the conformance suite found: one result a check, in the order they ran."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from envs.types import EnvInfo

Outcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Result:
    """One check: its name, what became of it, how long it took, and why where it did not pass."""

    name: str
    outcome: Outcome
    seconds: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one machine; `info` is None where it did not open."""

    env: str
    info: EnvInfo | None
    results: tuple[Result, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing failed and something passed."""
        return self.counts["failed"] == 0 and self.counts["passed"] > 0

    @property
    def counts(self) -> Counter[str]:
        """How many checks passed, failed and were skipped."""
        return Counter(result.outcome for result in self.results)

    def failures(self) -> list[Result]:
        """The checks that failed."""
        return [result for result in self.results if result.outcome == "failed"]

    def as_record(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "env": self.env,
            "ok": self.ok,
            "counts": {name: self.counts[name] for name in ("passed", "failed", "skipped")},
            "info": dataclasses.asdict(self.info) if self.info else None,
            "checks": [dataclasses.asdict(result) for result in self.results],
        }
