"""What an explorer does in a browser besides pointing and typing: other pages, back, forward."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from collector.explore.base import Choice
from envs import actions as do


@dataclass(slots=True)
class Journeys:
    """The addresses an explorer may open, and how often it did."""

    pages: tuple[str, ...] = ()
    seen: Counter[str] = field(default_factory=Counter)

    def leave(self, rng: random.Random, *, has_history: bool) -> Choice | None:
        """Another page: most often the one seen least; None where there is nowhere to go."""
        if has_history and (not self.pages or rng.random() < 0.3):
            if rng.random() < 0.75:
                return Choice(do.GoBack(), None, "goes back a page")
            return Choice(do.GoForward(), None, "goes forward a page")
        if not self.pages:
            return None
        least = min(self.seen[page] for page in self.pages)
        page = rng.choice([p for p in self.pages if self.seen[p] == least])
        self.seen[page] += 1
        return Choice(do.Goto(page), None, "opens another page")
