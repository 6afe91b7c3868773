"""All the expressions of a screen's kept elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from envs.types import Box
from grounding.referring.among import Among
from grounding.referring.names import by_name, by_role_and_name
from grounding.referring.places import Places
from grounding.referring.relations import Neighbours
from grounding.referring.things import Expression, Thing


class Words:
    """For each kept one of some things the ways to refer to it that pick out it alone.

    They are found when they are asked for: of many screens only the element that a step went to is
    spoken of. Kept things come first in `things`.
    """

    def __init__(self, things: list[Thing], screen: Box) -> None:
        self.kept = {thing.id: thing for thing in things if thing.kept}
        self._among = Among(things, screen)
        self._places, self._neighbours = Places(self._among), Neighbours(self._among)
        self._found: dict[str, list[Expression]] = {}

    def of(self, key: str) -> list[Expression]:
        """The expressions for the kept thing of that id, without repetition."""
        if key not in self._found:
            self._found[key] = self._of(self.kept[key])
        return self._found[key]

    def _of(self, thing: Thing) -> list[Expression]:
        said = [
            *by_name(thing, self._among),
            *by_role_and_name(thing, self._among),
            *self._places.by_place(thing),
            *self._neighbours.by_neighbour(thing),
        ]
        return list({(e.text, e.lang): e for e in reversed(said)}.values())[::-1]


class Spoken:
    """The words of earlier screens, for those that show the same things whatever their states."""

    def __init__(self) -> None:
        self._same: dict[Thing, Thing] = {}
        self._first: dict[int, tuple[Thing, Thing]] = {}
        self._words: dict[tuple[Box, tuple[int, ...]], Words] = {}

    def words(self, things: list[Thing], screen: Box) -> Words:
        """The words for these things."""
        alike = [self._alike(thing) for thing in things]
        key = screen, tuple(map(id, alike))
        if key not in self._words:
            self._words[key] = Words(alike, screen)
        return self._words[key]

    def _alike(self, thing: Thing) -> Thing:
        """The first thing that was equal to this one."""
        held = self._first.get(id(thing))
        if held is None:
            held = self._first[id(thing)] = (thing, self._same.setdefault(thing, thing))
        return held[1]


class Said(Mapping[str, list[Expression]]):
    """The words of one screen, which are looked for when the first of them is asked for."""

    def __init__(
        self, things: Callable[[], list[Thing]], screen: Box, spoken: Spoken | None = None
    ) -> None:
        self._things, self._screen, self._spoken = things, screen, spoken or Spoken()

    def __getitem__(self, key: str) -> list[Expression]:
        return self._words.of(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._words.kept)

    def __len__(self) -> int:
        return len(self._words.kept)

    @cached_property
    def _words(self) -> Words:
        return self._spoken.words(self._things(), self._screen)
