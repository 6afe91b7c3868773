"""A drawing board with charts beside it, and a page of another site in a frame."""

from __future__ import annotations

from typing import Any

from envs.web.sites.make import Maker
from envs.web.sites.render import Query

TOOLS = (
    ("brush", "Brush", "画笔"),
    ("line", "Line", "直线"),
    ("rect", "Rectangle", "矩形"),
    ("circle", "Circle", "圆形"),
    ("eraser", "Eraser", "橡皮擦"),
)


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    rng = maker.rng
    return {
        "tools": [(at, maker.say((en, zh))) for at, en, zh in TOOLS],
        "tones": [
            f"#{rng.randrange(256):02x}{rng.randrange(256):02x}{rng.randrange(256):02x}"
            for _ in range(7)
        ],
        "strokes": [
            [rng.randint(40, 700), rng.randint(40, 380), rng.randint(20, 130)] for _ in range(7)
        ],
        "layers": [f"{maker.say(('Layer', '图层'))} {n}" for n in range(1, rng.randint(4, 6))],
        "bars": [rng.randint(10, 100) for _ in range(7)],
        "line": [rng.randint(15, 95) for _ in range(12)],
    }
