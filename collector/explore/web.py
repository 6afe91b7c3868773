"""What an explorer does in a browser besides pointing and typing: other pages, back, forward."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from collector.explore.base import Choice
from envs import actions as do
from envs.recording.types import Step


@dataclass(slots=True)
class Journeys:
    """The addresses an explorer may open, how often it did, and which way the history leads."""

    pages: tuple[str, ...] = ()
    seen: Counter[str] = field(default_factory=Counter)
    behind: int = 0
    ahead: int = 0

    def moved(self, last: Step, *, elsewhere: bool) -> None:
        """Learn from the last step; `elsewhere` says that another page shows than before it."""
        action, applied = last.action, last.result.outcome == "applied"
        if isinstance(action, do.GoBack):
            self.behind, self.ahead = (self.behind - 1, self.ahead + 1) if applied else (0, 0)
        elif isinstance(action, do.GoForward):
            self.behind, self.ahead = (self.behind + 1, self.ahead - 1) if applied else (0, 0)
        elif elsewhere and applied:
            self.behind, self.ahead = self.behind + 1, 0

    def leave(self, rng: random.Random) -> Choice | None:
        """Another page: one seen least, or one along the history; None where there is none."""
        if self.behind > 0 and (not self.pages or rng.random() < 0.25):
            return Choice(do.GoBack(), None, "goes back a page")
        if self.ahead > 0 and (not self.pages or rng.random() < 0.2):
            return Choice(do.GoForward(), None, "goes forward a page")
        if not self.pages:
            return None
        least = min(self.seen[page] for page in self.pages)
        page = rng.choice([p for p in self.pages if self.seen[p] == least])
        self.seen[page] += 1
        return Choice(do.Goto(page), None, "opens another page")
