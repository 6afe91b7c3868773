"""Settings of an account: many kinds of control, grouped under tabs."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    rng = maker.rng
    return {
        "me": maker.person(),
        "city": maker.pick(words.CITIES),
        "born": maker.today.replace(year=rng.randint(1962, 2004)),
        "on": [rng.random() < 0.55 for _ in range(16)],
        "levels": [rng.randint(10, 95) for _ in range(5)],
        "tone": f"#{rng.randrange(0x303030, 0xD0D0D0):06x}",
        "devices": [
            {"name": name, "place": maker.pick(words.CITIES), "day": maker.day(-60)}
            for name in maker.some(
                [
                    "Firefox · Linux",
                    "Safari · iPad",
                    "Chrome · Windows",
                    "Edge · Windows",
                    "Firefox · Android",
                ],
                4,
            )
        ],
        "used": rng.randint(15, 92),
        "bills": [
            {"number": 20400 + n, "day": maker.day(-400), "sum": maker.money(5, 60)}
            for n in range(5)
        ],
    }
