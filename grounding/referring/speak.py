"""All the expressions of a screen's kept elements."""

from __future__ import annotations

from envs.types import Box
from grounding.referring.among import Among
from grounding.referring.names import by_name, by_role_and_name
from grounding.referring.places import Places
from grounding.referring.relations import by_neighbour
from grounding.referring.things import Expression, Thing


def expressions(among: list[Thing], screen: Box) -> dict[str, list[Expression]]:
    """For each kept thing the ways to refer to it that pick out it alone, without repetition.

    Kept things come first in `among`.
    """
    all_of_them = Among(among, screen)
    places = Places(all_of_them)
    return {thing.id: _of(thing, all_of_them, places) for thing in among if thing.kept}


def _of(thing: Thing, among: Among, places: Places) -> list[Expression]:
    said = [
        *by_name(thing, among),
        *by_role_and_name(thing, among),
        *places.by_place(thing),
        *by_neighbour(thing, among),
    ]
    return list({(e.text, e.lang): e for e in reversed(said)}.values())[::-1]
