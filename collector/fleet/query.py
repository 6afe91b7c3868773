"""Which machines somebody means: `state:parked,ready pool:ubuntu -host:h2`.

Terms stand side by side and all must hold; a term is KEY:VALUE, its values are parted by commas,
one of them is enough, `*` stands for anything, and `-` before a term turns it round. Letters
are compared without regard to case. Command line and dashboard speak it alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, get_args

from infra.errors import UsageError, nearest
from infra.store.rows import Desired, Observed

QUERY_CHARS: Final = 1_000
"""A longer one is no question that a person asked."""
KEYS: Final = ("state", "desired", "name", "pool", "kind", "image", "host")
CLOSED: Final[dict[str, tuple[str, ...]]] = {
    "state": get_args(Observed),
    "desired": get_args(Desired),
}
"""Keys whose values are known in advance."""
EXAMPLE: Final = "such as state:parked pool:ubuntu"


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on one key."""

    key: str
    values: tuple[str, ...]
    is_negated: bool = False

    def holds(self, fields: Mapping[str, str]) -> bool:
        """Whether a machine of these fields is meant."""
        said = fields.get(self.key, "").casefold()
        return any(fnmatchcase(said, value) for value in self.values) != self.is_negated


@dataclass(frozen=True, slots=True)
class Query:
    """Every term must hold; without any, every machine is meant."""

    terms: tuple[Term, ...] = ()

    def matches(self, fields: Mapping[str, str]) -> bool:
        """Whether a machine is meant; `fields` maps each of KEYS to its value."""
        return all(term.holds(fields) for term in self.terms)


def parse(text: str) -> Query:
    """The query that `text` says. Raises UsageError with the nearest key or value."""
    if len(text) > QUERY_CHARS:
        raise UsageError(f"a query has at most {QUERY_CHARS} characters", EXAMPLE)
    return Query(tuple(_term(word) for word in text.split()))


def _term(word: str) -> Term:
    key, colon, value = word.removeprefix("-").partition(":")
    if not colon or not value:
        raise UsageError(f"{word!r} is not KEY:VALUE", EXAMPLE, word)
    if key not in KEYS:
        raise UsageError(f"machines have no key {key!r}", nearest(key, KEYS), key)
    values = tuple(v.replace("[", "[[]").casefold() for v in value.split(",") if v)
    for said in values:
        _known(key, said)
    return Term(key, values, word.startswith("-"))


def _known(key: str, value: str) -> None:
    """Raise UsageError for a value that this key can never have."""
    known = [name.casefold() for name in CLOSED.get(key, ())]
    if known and not any(fnmatchcase(name, value) for name in known):
        raise UsageError(f"no {key} is {value!r}", nearest(value, known), value)
