"""What varies between browsers, and the design that spreads it over a pool's machines.

A browser starts in a second or two, so every machine takes a row of its own: site, page size, pixels per
CSS pixel, light or dark, language, and the seed that its site's contents follow from.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from collector.diversity import covering
from collector.diversity.covering import Row
from envs.types import EnvInfo

KEY: Final = "looks"
"""The setting of a pool of browsers that spreads it over the design: true or false."""
FACTORS: Final[Mapping[str, tuple[str, ...]]] = {
    "start": (
        "shop", "wiki", "settings", "mail", "admin", "apply", "news", "board", "calendar", "files",
        "player",
    ),
    "page": ("1280x800", "1440x900", "1024x768", "1920x1080", "800x1000"),
    "scale": ("1", "1.25", "1.5", "2"),
    "theme": ("light", "dark"),
    "locale": ("en-US", "zh-CN"),
    "seed": ("1", "2", "3", "4"),
}  # fmt: skip
"""By the names of the settings, but `page`, which is width and height in CSS pixels."""
PIXELS: Final = 5_000_000
"""Most pixels of a screenshot."""


def fits(row: Row) -> bool:
    """Whether the values of a row, or of a part of one, can be together."""
    if "page" not in row or "scale" not in row:
        return True
    width, height = _size(row)
    return width * height <= PIXELS


@lru_cache(maxsize=1)
def design() -> tuple[Row, ...]:
    """Every row."""
    return tuple(covering.rows(FACTORS, fits))


def settings(number: int) -> dict[str, Any]:
    """What the machine of that number is told."""
    row = design()[number % len(design())]
    width, height = _size(row)
    plain = {name: row[name] for name in ("start", "theme", "locale")}
    scale = float(row["scale"])
    return {**plain, "width": width, "height": height, "scale": scale, "seed": int(row["seed"])}


def seen(env: EnvInfo) -> Row:
    """The row of a machine, by what its recording says of it."""
    page = f"{round(env.width / env.scale)}x{round(env.height / env.scale)}"
    told = {name: env.extra.get(name) for name in ("theme", "locale", "seed")}
    row = {**told, "start": env.extra.get("site"), "page": page, "scale": f"{env.scale:g}"}
    return {name: str(value) for name, value in row.items() if value is not None}


def _size(row: Row) -> tuple[int, int]:
    """The screenshot's pixels."""
    width, _, height = row["page"].partition("x")
    scale = float(row["scale"])
    return round(int(width) * scale), round(int(height) * scale)
