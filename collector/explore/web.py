"""What an explorer does in a browser besides pointing and typing: other pages, back, forward."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from collector.explore.base import Choice
from envs import actions as do
from envs.recording.types import Step

TABS: Final = 3
TAB_SHARE: Final = 0.15
TURN_SHARE: Final = 0.3
CLOSE_SHARE: Final = 0.4


@dataclass(slots=True)
class Journeys:
    """The addresses an explorer may open, how often it did, and which way the history leads."""

    pages: tuple[str, ...] = ()
    seen: Counter[str] = field(default_factory=Counter)
    behind: int = 0
    ahead: int = 0
    tabs: int = 1
    """Tabs that were opened here; a page may have opened others."""
    tab: int = 0

    def moved(self, last: Step, *, elsewhere: bool) -> None:
        """Learn from the last step; `elsewhere` says that another page shows than before it."""
        action, applied = last.action, last.result.outcome == "applied"
        if isinstance(action, do.NewTab | do.TabClose | do.TabFocus):
            self._turned(action, applied=applied)
        elif isinstance(action, do.GoBack):
            self.behind, self.ahead = (self.behind - 1, self.ahead + 1) if applied else (0, 0)
        elif isinstance(action, do.GoForward):
            self.behind, self.ahead = (self.behind + 1, self.ahead - 1) if applied else (0, 0)
        elif elsewhere and applied:
            self.behind, self.ahead = self.behind + 1, 0

    def leave(self, rng: random.Random) -> list[Choice]:
        """Another page: one seen least, or one along the history, or in another tab; may be none.

        What takes two actions, as a new tab does, is two choices.
        """
        if self.behind > 0 and (not self.pages or rng.random() < 0.25):
            return [Choice(do.GoBack(), None, "goes back a page")]
        if self.ahead > 0 and (not self.pages or rng.random() < 0.2):
            return [Choice(do.GoForward(), None, "goes forward a page")]
        if self.tabs > 1 and rng.random() < TURN_SHARE:
            return [self._turn(rng)]
        page = self._page(rng)
        if page is None:
            return []
        if self.tabs < TABS and rng.random() < TAB_SHARE:
            return [Choice(do.NewTab(), None, "opens a tab"), page]
        return [page]

    def _page(self, rng: random.Random) -> Choice | None:
        if not self.pages:
            return None
        least = min(self.seen[page] for page in self.pages)
        page = rng.choice([p for p in self.pages if self.seen[p] == least])
        self.seen[page] += 1
        return Choice(do.Goto(page), None, "opens another page")

    def _turn(self, rng: random.Random) -> Choice:
        """Turn to another tab, or close this one."""
        if rng.random() < CLOSE_SHARE:
            return Choice(do.TabClose(), None, "closes the tab")
        index = rng.choice([n for n in range(self.tabs) if n != self.tab])
        return Choice(do.TabFocus(index), None, "turns to another tab")

    def _turned(self, action: do.Action, *, applied: bool) -> None:
        """Another tab is in front: its history is not known."""
        if not applied:
            self.tabs = 1
        elif isinstance(action, do.NewTab):
            self.tabs, self.tab = self.tabs + 1, self.tabs
        elif isinstance(action, do.TabClose):
            self.tabs, self.tab = max(1, self.tabs - 1), max(0, self.tab - 1)
        elif isinstance(action, do.TabFocus):
            self.tab = action.index
        self.behind = self.ahead = 0
