"""What varies between desktops, and the design that spreads it over a pool's machines.

Language, scale, screen and programs make a template, which takes minutes to warm; the rest is set in
a fork. So the templates are few, chosen so that their own values meet in pairs, and they take turns:
a pool's first machines already differ in language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from collector.diversity import covering
from collector.diversity.covering import Row
from envs.types import EnvInfo
from envs.ubuntu import look as looks
from envs.ubuntu import session as sessions
from envs.ubuntu.look import Look
from envs.ubuntu.session import Session

STARTED: Final = tuple(sessions.CHOICES)
"""The factors that make a template."""
FACTORS: Final[Mapping[str, tuple[str, ...]]] = {**sessions.CHOICES, **looks.CHOICES}


def fits(row: Row) -> bool:
    """Whether the values of a row, or of a part of one, can be together."""
    scale, screen = row.get("scale"), row.get("screen")
    return scale is None or screen is None or sessions.fits(scale, screen)


@dataclass(frozen=True, slots=True)
class Dress:
    """One row: the session of a template, and the look of a fork of it."""

    session: Session
    look: Look

    @property
    def row(self) -> Row:
        """The values of its factors."""
        both = {**self.session.as_record(), **self.look.as_record()}
        return {name: str(both[name]) for name in FACTORS}

    @classmethod
    def of(cls, row: Row, number: int) -> Dress:
        """The row of that number; the number seeds the contents of its files."""
        started = {name: row[name] for name in STARTED}
        worn = {name: row[name] for name in FACTORS if name not in started}
        return cls(Session(**started), Look(**worn, files=number + 1))


@lru_cache(maxsize=32)
def design(most: int = 0) -> tuple[Dress, ...]:
    """Every row, the templates in turn; of at most so many templates, 0 meaning all.

    The first is the usual one, which is warmed anyway.
    """
    started = {name: FACTORS[name] for name in STARTED}
    begun = covering.rows(started, fits, first=[Session().as_record()])[: most or None]
    held = _in_turn(covering.rows(FACTORS, fits, within=begun), [_key(row) for row in begun])
    return tuple(Dress.of(row, number) for number, row in enumerate(held))


def templates(dresses: Sequence[Dress]) -> list[Session]:
    """The sessions that these need, in the order they are needed."""
    return list(dict.fromkeys(dress.session for dress in dresses))


def seen(env: EnvInfo) -> Row:
    """The row of a machine, by what its recording says of it; empty where it says nothing."""
    started, worn = env.extra.get("started"), env.extra.get("look")
    if not isinstance(started, dict) or not isinstance(worn, dict):
        return {}
    both = {**started, **worn}
    return {name: str(both[name]) for name in FACTORS if name in both}


def _in_turn(rows: Sequence[Row], keys: Sequence[tuple[str, ...]]) -> list[Row]:
    """The first row of each template, then the second of each that has one, and so on."""
    order = {key: place for place, key in enumerate(keys)}
    met: Counter[tuple[str, ...]] = Counter()
    turns = []
    for row in rows:
        met[_key(row)] += 1
        turns.append((met[_key(row)], order[_key(row)], row))
    return [row for _turn, _place, row in sorted(turns, key=lambda one: one[:2])]


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in STARTED)
