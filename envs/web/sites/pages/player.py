"""A music player made of web components."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

MIXES = (
    ("Morning calm", "清晨静心"),
    ("Long drive", "长途驾驶"),
    ("Focus", "专注"),
    ("Kitchen dance", "厨房舞曲"),
    ("Rainy window", "雨窗"),
    ("New this week", "本周新歌"),
)


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    tracks = [
        {
            "name": name,
            "band": maker.pick(words.BANDS),
            "length": maker.rng.randint(125, 380),
            "cover": maker.rng.randrange(900),
            "loved": maker.rng.random() < 0.3,
        }
        for name in maker.says(words.TRACKS, 12)
    ]
    return {
        "tracks": tracks,
        "mixes": [
            (name, maker.rng.randrange(900), maker.rng.randint(12, 80))
            for name in maker.says(MIXES, 6)
        ],
        "me": maker.person(),
        "list": maker.pick(MIXES),
        "cover": maker.rng.randrange(900),
    }
