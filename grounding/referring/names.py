"""Expressions by name, by role and name, and by role, name and the window or holder around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from grounding import text
from grounding.referring.among import Among, quotable
from grounding.referring.things import Expression, Thing

LONGEST_NAME: Final = 80
"""A longer name is read, not said."""


def by_name(target: Thing, among: Among) -> Iterator[Expression]:
    """The bare name, where one element alone bears it."""
    if 0 < len(target.name) <= LONGEST_NAME and among.named[target.folded] == 1:
        yield Expression(target.name, text.language(target.name), "name")


def by_role_and_name(target: Thing, among: Among) -> Iterator[Expression]:
    """`the "Save" button`; where several bear that name, the window or holder is added."""
    if not target.en or not quotable(target.name):
        return
    name, known = target.name, (target.folded, target.en)
    if among.as_role[known] == 1:
        yield Expression(f'the "{name}" {target.en}', "en", "role_name")
        yield Expression(f"“{name}”{target.zh}", "zh", "role_name")
        return
    if quotable(target.window) and among.in_window[*known, target.window] == 1:
        window = target.window
        yield Expression(f'the "{name}" {target.en} in the "{window}" window', "en", "relation")
        yield Expression(f"“{window}”窗口中的“{name}”{target.zh}", "zh", "relation")
        return
    if quotable(target.holder) and among.in_holder[*known, target.holder] == 1:
        holder = target.holder
        yield Expression(f'the "{name}" {target.en} inside "{holder}"', "en", "relation")
        yield Expression(f"“{holder}”里的“{name}”{target.zh}", "zh", "relation")
