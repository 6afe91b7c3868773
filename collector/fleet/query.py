"""Which machines somebody means, or other things: `state:parked,ready pool:ubuntu -host:h2`.

Terms stand side by side and all must hold; a term is KEY:VALUE, its values are parted by commas,
one of them is enough, `*` stands for anything, and `-` before a term turns it round. Letters
are compared without regard to case. Command line and dashboard speak it alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, get_args

from infra.errors import UsageError, nearest
from infra.store.rows import Desired, Observed

QUERY_CHARS: Final = 1_000
"""A longer one is no question that a person asked."""
KEYS: Final = ("state", "desired", "name", "pool", "kind", "image", "host")


@dataclass(frozen=True, slots=True)
class Askable:
    """What may be asked about: what the things are called, their keys, an example.

    `closed` has the keys whose values are known in advance.
    """

    things: str
    keys: tuple[str, ...]
    example: str
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


MACHINES: Final = Askable(
    "machines",
    KEYS,
    "such as state:parked pool:ubuntu",
    {"state": get_args(Observed), "desired": get_args(Desired)},
)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on one key."""

    key: str
    values: tuple[str, ...]
    is_negated: bool = False

    def holds(self, fields: Mapping[str, str]) -> bool:
        """Whether a thing of these fields is meant."""
        said = fields.get(self.key, "").casefold()
        return any(fnmatchcase(said, value) for value in self.values) != self.is_negated


@dataclass(frozen=True, slots=True)
class Query:
    """Every term must hold; without any, everything is meant."""

    terms: tuple[Term, ...] = ()

    def matches(self, fields: Mapping[str, str]) -> bool:
        """Whether a thing is meant; `fields` maps each of its keys to its value."""
        return all(term.holds(fields) for term in self.terms)


def parse(text: str, of: Askable = MACHINES) -> Query:
    """The query that `text` says. Raises UsageError with the nearest key or value."""
    if len(text) > QUERY_CHARS:
        raise UsageError(f"a query has at most {QUERY_CHARS} characters", of.example)
    return Query(tuple(_term(word, of) for word in text.split()))


def _term(word: str, of: Askable) -> Term:
    key, colon, value = word.removeprefix("-").partition(":")
    if not colon or not value:
        raise UsageError(f"{word!r} is not KEY:VALUE", of.example, word)
    if key not in of.keys:
        raise UsageError(f"{of.things} have no key {key!r}", nearest(key, of.keys), key)
    values = tuple(v.replace("[", "[[]").casefold() for v in value.split(",") if v)
    for said in values:
        _known(key, said, of)
    return Term(key, values, word.startswith("-"))


def _known(key: str, value: str, of: Askable) -> None:
    """Raise UsageError for a value that this key can never have."""
    known = [name.casefold() for name in of.closed.get(key, ())]
    if known and not any(fnmatchcase(name, value) for name in known):
        raise UsageError(f"no {key} is {value!r}", nearest(value, known), value)
