"""The administration of accounts: a table of people, and figures about them."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

TONES = {"Active": "good", "Invited": "warn", "Suspended": "bad", "Pending": ""}


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its pages; all draw on the same people."""
    del page, query
    people = []
    for index, person in enumerate(maker.people(64)):
        status = maker.rng.choices(words.STATUS, [7, 2, 1, 1])[0]
        people.append(
            {
                "id": 1000 + index * 7,
                "who": person,
                "role": maker.pick(words.ROLES),
                "team": maker.pick(words.DEPARTMENTS),
                "status": maker.say(status),
                "tone": TONES[status[0]],
                "seen": maker.day(-90),
                "spent": maker.money(20, 4200),
            }
        )
    return {
        "people": people,
        "me": maker.person(),
        "firm": maker.say(
            maker.rng.choice(
                [("Tallow & Co", "同和科技"), ("Meridian", "子午线"), ("Halyard", "海雅德")]
            )
        ),
        "teams": [maker.say(pair) for pair in words.DEPARTMENTS],
        "months": [maker.rng.randint(30, 100) for _ in range(12)],
        "shares": _shares(maker),
        "figures": [
            maker.rng.randint(900, 9000),
            maker.rng.randint(40, 400),
            maker.money(9000, 90000),
            maker.rng.randint(1, 9),
        ],
    }


def _shares(maker: Maker) -> list[tuple[str, int]]:
    parts = [maker.rng.randint(8, 40) for _ in words.DEPARTMENTS]
    total = sum(parts)
    names = [maker.say(pair) for pair in words.DEPARTMENTS]
    return [(name, round(100 * part / total)) for name, part in zip(names, parts, strict=True)]
