"""A small page that others show in a frame: harmonies of a colour."""

from __future__ import annotations

from typing import Any

from envs.web.sites.make import Maker
from envs.web.sites.render import Query

WORDS = (("Dusk", "暮色"), ("Orchard", "果园"), ("Harbour", "港湾"), ("Desert", "沙漠"))


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    return {
        "sets": [
            (maker.say(pair), [f"#{maker.rng.randrange(0x202020, 0xF0F0F0):06x}" for _ in range(5)])
            for pair in WORDS
        ]
    }
