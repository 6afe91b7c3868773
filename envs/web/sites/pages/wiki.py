"""An encyclopaedia: one long article with contents, a box of facts, tables and notes."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of the article the address asks for, else of the seed's."""
    del page
    at = (
        query.number("article") % len(words.ARTICLES)
        if "article" in query.words
        else maker.rng.randrange(len(words.ARTICLES))
    )
    joint = "" if maker.language == "zh" else " "
    sections = []
    for pair in words.SECTIONS[:-1]:
        texts = [
            joint.join(maker.says(words.FACTS, maker.rng.randint(2, 4)))
            for _ in range(maker.rng.randint(2, 4))
        ]
        sections.append(
            {
                "name": maker.say(pair),
                "texts": texts,
                "picture": maker.rng.randrange(900) if maker.rng.random() < 0.5 else None,
            }
        )
    return {
        "title": maker.say(words.ARTICLES[at]),
        "number": at,
        "sections": sections,
        "articles": [maker.say(pair) for pair in words.ARTICLES],
        "facts": [
            (maker.pick(words.CITIES), maker.rng.randint(1200, 1990), maker.rng.randint(2, 900))
            for _ in range(8)
        ],
        "people": maker.people(8),
        "summary": joint.join(maker.says(words.FACTS, 3)),
        "edited": maker.day(-200),
        "cities": maker.says(words.CITIES, 6),
    }
