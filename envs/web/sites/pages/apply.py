"""An application in four steps."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

OFFERS = (
    ("Residence permit", "居住许可", "City of "),
    ("Allotment garden", "社区菜园", "Garden office of "),
    ("Library card", "借书证", "Library of "),
    ("Market stall", "集市摊位", "Market office of "),
)


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    en, zh, office = maker.rng.choice(OFFERS)
    city = maker.pick(words.CITIES)
    return {
        "what": maker.say((en, zh)),
        "office": f"{city}政务服务" if maker.language == "zh" else f"{office}{city}",
        "cities": [maker.say(pair) for pair in words.CITIES],
        "reference": f"{maker.rng.randrange(10**7):07d}",
        "fee": maker.money(10, 80),
        "days": maker.rng.randint(5, 30),
    }
