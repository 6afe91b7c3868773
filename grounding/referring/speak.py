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


class Said(Mapping[str, list[Expression]]):
    """For each kept thing the ways to refer to it that pick out it alone, without repetition.

    They are found when they are asked for: of many screens only the element that a step went to is
    spoken of. Kept things come first in `among`.
    """

    def __init__(self, among: Callable[[], list[Thing]], screen: Box) -> None:
        self._things, self._screen = among, screen
        self._found: dict[str, list[Expression]] = {}

    def __getitem__(self, key: str) -> list[Expression]:
        if key not in self._found:
            self._found[key] = self._of(self._kept[key])
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    @cached_property
    def _among(self) -> Among:
        return Among(self._things(), self._screen)

    @cached_property
    def _places(self) -> Places:
        return Places(self._among)

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(self._among)

    @cached_property
    def _kept(self) -> dict[str, Thing]:
        return {thing.id: thing for thing in self._among.things if thing.kept}

    def _of(self, thing: Thing) -> list[Expression]:
        said = [
            *by_name(thing, self._among),
            *by_role_and_name(thing, self._among),
            *self._places.by_place(thing),
            *self._neighbours.by_neighbour(thing),
        ]
        return list({(e.text, e.lang): e for e in reversed(said)}.values())[::-1]
