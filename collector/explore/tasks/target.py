"""Which element is meant: by role and name, in English or Chinese, and by what it stands in.

A target is resolved on the tree of the moment, never by place. Where several elements fit, the one
on the foremost surface is meant: a menu before a dialog, a dialog before a window.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from envs.types import Element

Match = Literal["is", "starts", "has"]
Rank = Callable[[Element], int]


@dataclass(frozen=True, slots=True)
class Target:
    """An element in words: any of the roles, any of the names; no names is any name."""

    roles: tuple[str, ...]
    names: tuple[str, ...] = ()
    match: Match = "is"
    within: Target | None = None
    holding: Target | None = None
    """What must stand in it."""
    app: str = ""
    """Part of its program's name, in lower case."""
    nth: int = 0

    def inside(self, within: Target) -> Self:
        """The same in something else."""
        return replace(self, within=within)

    def at(self, nth: int) -> Self:
        """The one of that number among those that fit, from 0."""
        return replace(self, nth=nth)

    def __str__(self) -> str:
        """As a step's reason calls it."""
        name = f" {self.names[0]!r}" if self.names else ""
        return f"{self.roles[0]}{name}" + (f" in {self.within}" if self.within else "")

    def fits(self, element: Element) -> bool:
        """Whether role, name and program are right."""
        if element.role not in self.roles or self.app not in element.app.casefold():
            return False
        if not self.names:
            return True
        return any(_matches(plain(element.name), plain(name), self.match) for name in self.names)


def the(
    role: str | tuple[str, ...], *names: str, match: Match = "is", within: Target | None = None
) -> Target:
    """The element of that role (or one of several) and any of these names."""
    return Target((role,) if isinstance(role, str) else role, names, match, within)


def plain(name: str) -> str:
    """A name as it is compared: one form, one case, no dots that promise a dialog."""
    folded = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return folded.rstrip(".…").strip()


def _matches(name: str, wanted: str, match: Match) -> bool:
    if match == "starts":
        return name.startswith(wanted)
    return wanted in name if match == "has" else name == wanted


class Elements:
    """The elements of one tree that show, and what stands in what."""

    def __init__(self, elements: Sequence[Element], *, showing: bool) -> None:
        """`showing`: leave out what does not say itself that it shows."""
        kept = [e for e in elements if not showing or {"showing", "visible"} <= e.states]
        self.all: Sequence[Element] = kept
        self.by_id: Mapping[str, Element] = {e.id: e for e in elements}

    def every(self, target: Target, rank: Rank | None = None) -> list[Element]:
        """Those that fit, the foremost first, else in the tree's order."""
        found = [e for e in self.all if target.fits(e)]
        if target.within is not None:
            holders = {e.id for e in self.every(target.within, rank)[target.within.nth :][:1]}
            found = [e for e in found if not holders.isdisjoint(self.above(e))]
        if target.holding is not None:
            held = self.every(target.holding)
            around = {up for e in held for up in self.above(e)}
            found = [e for e in found if e.id in around]
        return sorted(found, key=rank) if rank is not None else found

    def one(self, target: Target, rank: Rank | None = None) -> Element | None:
        """The one that is meant; None where nothing fits."""
        found = self.every(target, rank)
        return found[target.nth] if target.nth < len(found) else None

    def above(self, element: Element) -> Iterable[str]:
        """The ids of what an element stands in, nearest first."""
        seen: set[str] = set()
        while element.parent is not None and element.parent not in seen:
            seen.add(element.parent)
            yield element.parent
            if element.parent not in self.by_id:
                return
            element = self.by_id[element.parent]
