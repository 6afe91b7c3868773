"""A seeded source of plausible content: the same site, seed and language give the same words."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from envs.web.sites import words
from envs.web.sites.words import Pair

T = TypeVar("T")
DAY_ONE = dt.date(2026, 3, 2)
"""A Monday; what our sites call today lies within a year of it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name, an address for mail, and a picture."""

    name: str
    mail: str
    number: int

    @property
    def initials(self) -> str:
        """What stands in an avatar without a picture."""
        parts = self.name.split()
        return "".join(p[0] for p in parts[:2]) if len(parts) > 1 else self.name[:1]


class Maker:
    """Draws names, goods, sentences and dates in one language."""

    def __init__(self, site: str, seed: int, language: str) -> None:
        self.rng = random.Random(f"{site}:{seed}")  # noqa: S311 - content, not secrets
        self.language = language
        self.seed = seed
        self.today = DAY_ONE + dt.timedelta(days=self.rng.randrange(330))

    def say(self, pair: Pair) -> str:
        """The pair's words in this language."""
        return pair[1] if self.language == "zh" else pair[0]

    def pick(self, pairs: Sequence[Pair]) -> str:
        """One of the entries."""
        return self.say(self.rng.choice(pairs))

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Several, each once; all of them where there are no more."""
        return self.rng.sample(list(items), min(count, len(items)))

    def says(self, pairs: Sequence[Pair], count: int) -> list[str]:
        """Several entries, each once."""
        return [self.say(pair) for pair in self.some(pairs, count)]

    def person(self) -> Person:
        """Somebody."""
        given = self.rng.choice(words.GIVEN_NAMES)
        family = self.rng.choice(words.FAMILY_NAMES)
        name = family[1] + given[1] if self.language == "zh" else f"{given[0]} {family[0]}"
        domain = self.rng.choice(["example.org", "example.com", "mail.example", "post.example"])
        mail = f"{_plain(given[0])}.{_plain(family[0])}@{domain}"
        return Person(name, mail, self.rng.randrange(400))

    def people(self, count: int) -> list[Person]:
        """Several people with different names."""
        found: dict[str, Person] = {}
        while len(found) < count:
            person = self.person()
            found.setdefault(person.name, person)
        return list(found.values())

    def text(self, sentences: int) -> str:
        """A paragraph of everyday sentences."""
        joint = "" if self.language == "zh" else " "
        return joint.join(self.says(words.SENTENCES, sentences))

    def day(self, earliest: int = -40, latest: int = 0) -> dt.date:
        """A day near today."""
        return self.today + dt.timedelta(days=self.rng.randint(earliest, latest))

    def date(self, day: dt.date, *, year: bool = True) -> str:
        """A date as people write it."""
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"
        return f"{day.day} {day:%b} {day.year}" if year else f"{day.day} {day:%b}"

    def clock(self) -> str:
        """A time of day."""
        return f"{self.rng.randint(7, 21):02d}:{self.rng.choice([0, 5, 10, 15, 20, 30, 40, 45, 50]):02d}"

    def money(self, low: int, high: int) -> float:
        """A price."""
        return self.rng.randint(low, high) - self.rng.choice([0.0, 0.01, 0.05, 0.5])

    def price(self, amount: float) -> str:
        """A price as a shop writes it."""
        return f"¥{amount:,.2f}" if self.language == "zh" else f"€{amount:,.2f}"


def _plain(name: str) -> str:
    """A name in lower-case ASCII letters."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(c for c in folded.lower() if c.isalpha())
