"""One form being filled: what was done of it, what is next, what was said against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.explore.forms.filling import texts
from collector.explore.forms.groups import Field, Group
from collector.explore.view import View

MOST_SUBMITS = 4
MOST_AIMS = 2
"""Times a field is gone for before it is filled wherever the focus is said to be."""
MOST_CHANGES = 3
"""Times one field is filled: once, and again where something is said against it."""


@dataclass(slots=True)
class Session:
    """The way through one form."""

    key: str
    signature: tuple[str, ...]
    budget: int
    """Steps that are left for it."""
    wrong: str = ""
    """The field that is given a wrong value, once."""
    changes: dict[str, int] = field(default_factory=dict)
    aims: dict[str, int] = field(default_factory=dict)
    last: str = ""
    """The field that was filled last: Tab leads on from it."""
    submits: int = 0
    awaits: bool = False
    """It was submitted and what came was not looked at."""
    known: frozenset[str] = frozenset()
    """Words that showed before it was submitted."""
    complaints: dict[str, str] = field(default_factory=dict)
    """What was said against which field after it was submitted."""
    mended: set[str] = field(default_factory=set)
    """Fields that were filled since it was submitted."""
    scrolls: int = 0
    at: str = ""
    """The field that the last move was for."""

    def pending(self, group: Group) -> list[Field]:
        """The fields that are to be filled, those that were complained of among them."""
        return [f for f in group.fields if self._wants(f.key)]

    def open_to(self, group: Group) -> list[Field]:
        """The fields that may be complained of: it was submitted, and they were not filled since."""
        return [f for f in group.fields if f.key not in self.mended] if self.submits else []

    def filled(self, one: Field) -> None:
        """A field was filled."""
        self.changes[one.key] = self.changes.get(one.key, 0) + 1
        self.aims.pop(one.key, None)
        self.complaints.pop(one.key, None)
        self.mended.add(one.key)
        self.last = one.key

    def filled_by_list(self) -> None:
        """The field that was filled last opened a list, from which it is filled now."""
        if self.last:
            self.changes.setdefault(self.last, 1)
            self.complaints.pop(self.last, None)
            self.mended.add(self.last)

    def covered(self) -> None:
        """What the last move was for turned out to lie under something: it is left alone."""
        if self.at:
            self.changes[self.at] = MOST_CHANGES
        self.at = ""

    def submitted(self, view: View) -> None:
        """It was submitted; what shows now is no complaint."""
        self.submits += 1
        self.awaits, self.known = True, texts(view)
        self.wrong = self.at = ""
        self.complaints.clear()
        self.mended.clear()

    def news(self, view: View) -> list[str]:
        """The words that came since it was submitted."""
        nodes = view.scene.nodes
        return [nodes[key].name for key in texts(view) - self.known]

    def complained(self, said: Mapping[str, str]) -> None:
        """What is said against which field: those are filled again."""
        self.complaints.update({key: words for key, words in said.items() if words})

    def _wants(self, key: str) -> bool:
        count = self.changes.get(key, 0)
        return count == 0 or (key in self.complaints and count < MOST_CHANGES)
