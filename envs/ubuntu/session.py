"""What a desktop is started with and keeps: language, scale, screen, open programs.

Each combination is a template of its own. It reaches the guest as words of the kernel's command
line, which the session checks against its own closed list before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from envs.tree.units import Units
from envs.ubuntu.programs import SETS, ProgramSet
from infra.errors import NotFound, UsageError

LOCALES: Final = ("en_US", "zh_CN", "he_IL")
"""English, Chinese, and Hebrew, which is written from right to left."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """Dots per inch of fonts, whole pixels per GTK unit, pixels per Qt unit."""

    dpi: int = 96
    gtk: int = 1
    qt: float = 1.0

    @property
    def ratio(self) -> float:
        """How much larger things are than at 96 dots per inch."""
        return self.dpi / 96 * self.gtk


SCALES: Final = {
    "1": Scaling(),
    "1.25": Scaling(120, 1, 1.25),
    "1.5": Scaling(144, 1, 1.5),
    "2": Scaling(192, 1, 2.0),
    "2x": Scaling(96, 2, 2.0),
}
"""By dots per inch, and `2x` by units of two pixels."""
SCREENS: Final = ("1280x800", "1440x900", "1024x768", "1920x1080")
LARGE: Final = (1900, 1000)
"""A desktop at twice the size wants at least so many pixels."""


@dataclass(frozen=True, slots=True)
class Session:
    """One way to start a desktop; the default is English, unscaled, 1280 by 800."""

    locale: str = "en_US"
    scale: str = "1"
    screen: str = "1280x800"
    programs: str = "everyday"

    def __post_init__(self) -> None:
        """Raise NotFound for a value that is none of ours, UsageError for too small a screen."""
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise NotFound.among(name, getattr(self, name), known)
        if not fits(self.scale, self.screen):
            raise UsageError(f"scale {self.scale} needs a larger screen than {self.screen}")

    @property
    def scaling(self) -> Scaling:
        """The scale in its parts."""
        return SCALES[self.scale]

    @property
    def size(self) -> tuple[int, int]:
        """The screen's width and height in pixels."""
        width, _, height = self.screen.partition("x")
        return int(width), int(height)

    @property
    def opened(self) -> ProgramSet:
        """What stands open."""
        return SETS[self.programs]

    @property
    def units(self) -> Units:
        """How many pixels a toolkit's unit has."""
        return Units(self.scaling.gtk, self.scaling.qt)

    def words(self) -> tuple[str, ...]:
        """What the kernel's command line says of it."""
        scaling = self.scaling
        return (
            f"trawl.locale={self.locale}",
            f"trawl.dpi={scaling.dpi}",
            f"trawl.scale={scaling.gtk}",
            f"trawl.qt={scaling.qt:g}",
        )

    def as_record(self) -> dict[str, str]:
        """The session as plain data."""
        return asdict(self)

    @classmethod
    def parse(cls, record: Mapping[str, Any]) -> Session:
        """The session of a record; what it does not say is as by default. Raises NotFound."""
        known = {field.name for field in fields(cls)}
        if strange := sorted(set(record) - known):
            raise NotFound.among("part of a session", strange[0], known)
        return cls(**{key: str(value) for key, value in record.items()})


CHOICES: Final = {
    "locale": LOCALES,
    "scale": tuple(SCALES),
    "screen": SCREENS,
    "programs": tuple(SETS),
}


def fits(scale: str, screen: str) -> bool:
    """Whether windows find room on that screen at that scale."""
    if SCALES[scale].ratio < 1.5:
        return True
    width, _, height = screen.partition("x")
    large = LARGE if SCALES[scale].ratio >= 2 else (1400, 900)
    return int(width) >= large[0] and int(height) >= large[1]
