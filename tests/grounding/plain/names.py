"""Expressions by name, by role and name, and by role, name and the window or holder around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from grounding import text
from grounding.referring.things import Expression, Thing

LONGEST_NAME: Final = 80
"""A longer name is read, not said."""
LONGEST_QUOTED: Final = 40

Predicate = Callable[[Thing], bool]


def picks_only(predicate: Predicate, target: Thing, among: list[Thing]) -> bool:
    """Whether the predicate is true of the target and of nothing else on the screen."""
    return predicate(target) and not any(predicate(t) for t in among if t.id != target.id)


def quotable(name: str) -> bool:
    """Whether a name can stand between quotes in a sentence."""
    return 0 < len(name) <= LONGEST_QUOTED and not set('"“”') & set(name)


def by_name(target: Thing, among: list[Thing]) -> Iterator[Expression]:
    """The bare name, where one element alone bears it."""
    if 0 < len(target.name) <= LONGEST_NAME and picks_only(
        lambda t: t.folded == target.folded, target, among
    ):
        yield Expression(target.name, text.language(target.name), "name")


def by_role_and_name(target: Thing, among: list[Thing]) -> Iterator[Expression]:
    """`the "Save" button`; where several bear that name, the window or holder is added."""
    if not target.en or not quotable(target.name):
        return
    name = target.name

    def same(thing: Thing) -> bool:
        return thing.folded == target.folded and thing.en == target.en

    if picks_only(same, target, among):
        yield Expression(f'the "{name}" {target.en}', "en", "role_name")
        yield Expression(f"“{name}”{target.zh}", "zh", "role_name")
        return
    if quotable(target.window) and picks_only(
        lambda t: same(t) and t.window == target.window, target, among
    ):
        window = target.window
        yield Expression(f'the "{name}" {target.en} in the "{window}" window', "en", "relation")
        yield Expression(f"“{window}”窗口中的“{name}”{target.zh}", "zh", "relation")
        return
    if quotable(target.holder) and picks_only(
        lambda t: same(t) and t.holder == target.holder, target, among
    ):
        holder = target.holder
        yield Expression(f'the "{name}" {target.en} inside "{holder}"', "en", "relation")
        yield Expression(f"“{holder}”里的“{name}”{target.zh}", "zh", "relation")
