"""All the expressions of a screen's kept elements."""

from __future__ import annotations

from envs.types import Box
from grounding.referring.names import by_name, by_role_and_name
from grounding.referring.places import by_place
from grounding.referring.relations import by_neighbour
from grounding.referring.things import Expression, Thing


def expressions(among: list[Thing], screen: Box) -> dict[str, list[Expression]]:
    """For each kept thing the ways to refer to it that pick out it alone, without repetition."""
    return {thing.id: _of(thing, among, screen) for thing in among if thing.kept}


def _of(thing: Thing, among: list[Thing], screen: Box) -> list[Expression]:
    said = [
        *by_name(thing, among),
        *by_role_and_name(thing, among),
        *by_place(thing, among, screen),
        *by_neighbour(thing, among),
    ]
    return list({(e.text, e.lang): e for e in reversed(said)}.values())[::-1]
