"""What one web machine may be told when it is opened, checked before anything starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from infra.errors import UsageError
from infra.limits import SCREEN_PIXELS

LOCALE: Final = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
SMALLEST: Final = 200
"""Fewest CSS pixels across or down."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """One web machine. `width` and `height` are pixels of the screenshot; CSS has them / `scale`."""

    start: str = "shop"
    """The name of one of our sites, or an address; its origin is then allowed."""
    seed: int = 0
    """What our sites vary by."""
    width: int = 1280
    height: int = 800
    scale: float = 1.0
    theme: Literal["light", "dark"] = "light"
    locale: str = "en-US"
    allow: tuple[str, ...] = ()
    """Origins the pages may reach besides our own sites: `https://example.org`."""
    network: tuple[str, ...] = ()
    """Public hosts the pages may reach by the machine's proxy: `example.org`, `*.example.org`."""
    observe_s: float = 10.0
    """Longest wait for a tree or a screen."""
    act_s: float = 15.0
    """Longest wait for an action."""

    def __post_init__(self) -> None:
        """Raise UsageError for what no browser could show."""
        if self.theme not in {"light", "dark"}:
            raise UsageError(f"theme {self.theme!r} is not light or dark", subject="theme")
        if not LOCALE.fullmatch(self.locale):
            raise UsageError(f"locale {self.locale!r} is not like en-US or zh-CN", subject="locale")
        if not 0.5 <= self.scale <= 4:
            raise UsageError(f"scale {self.scale} is not between 0.5 and 4", subject="scale")
        if self.width * self.height > SCREEN_PIXELS:
            raise UsageError(
                f"a screen of {self.width}x{self.height} is too large", subject="width"
            )
        for name, size in (("width", self.width), ("height", self.height)):
            css = size / self.scale
            if css < SMALLEST or abs(css - round(css)) > 1e-6:
                raise UsageError(
                    f"{name} {size} at scale {self.scale} is {css:g} CSS pixels",
                    f"take a multiple of the scale, at least {SMALLEST} CSS pixels",
                    name,
                )

    @property
    def viewport(self) -> tuple[int, int]:
        """The size of the page in CSS pixels."""
        return round(self.width / self.scale), round(self.height / self.scale)

    @property
    def language(self) -> str:
        """The language of our sites' content: `en` or `zh`."""
        return "zh" if self.locale.startswith("zh") else "en"
