"""A newspaper: a front page and its articles."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

DESKS = (
    ("City", "城市"),
    ("Culture", "文化"),
    ("Economy", "经济"),
    ("Science", "科学"),
    ("Sport", "体育"),
    ("Opinion", "评论"),
)


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its pages; all draw on the same stories."""
    del page
    people = maker.people(12)
    stories = [
        {
            "id": index,
            "head": head,
            "desk": maker.pick(DESKS),
            "by": maker.rng.choice(people),
            "lead": maker.pick(words.PARAGRAPHS),
            "text": maker.says(words.PARAGRAPHS, 6),
            "picture": maker.rng.choice(["landscape", "city"]),
            "number": maker.rng.randrange(900),
            "clock": maker.clock(),
            "minutes": maker.rng.randint(2, 9),
        }
        for index, head in enumerate(maker.says(words.HEADLINES, 12))
    ]
    return {
        "paper": maker.say(
            maker.rng.choice(
                [
                    ("The Harbour Courier", "海港晨报"),
                    ("Valley Observer", "谷地观察"),
                    ("The Evening Ledger", "晚间通报"),
                ]
            )
        ),
        "desks": [maker.say(pair) for pair in DESKS],
        "stories": stories,
        "story": stories[query.number("id") % len(stories)],
        "today": maker.today,
        "comments": [(person, maker.text(1), maker.rng.randint(0, 60)) for person in people[:5]],
        "degrees": maker.rng.randint(-4, 31),
    }
