"""How a fork looks: theme, icons, font, wallpaper, where its windows lie, what its files say.

All of it is set in a fork that is awake, by names that the agent looks up among what is installed.
What a fork cannot change, its template was started with: see `envs.ubuntu.session`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from envs.ubuntu.contents import contents
from envs.ubuntu.programs import Rectangle
from envs.ubuntu.replies import Looks, parse
from envs.ubuntu.session import Session
from infra.errors import HostileInput, NotFound

LOOK_S: Final = 120.0
PUT_S: Final = 30.0
THEMES: Final = {
    "Greybird": False,
    "Greybird-dark": True,
    "Adwaita": False,
    "Adwaita-dark": True,
    "Arc": False,
    "Arc-Dark": True,
    "Materia": False,
    "Materia-dark": True,
    "Numix": False,
}
"""GTK themes, and whether each is dark."""
ICONS: Final = ("elementary-xfce", "Adwaita", "breeze", "mate", "Tango")
FONTS: Final = ("DejaVu Sans", "Cantarell", "Liberation Serif", "Open Sans")
WALLPAPERS: Final = ("dusk", "meadow", "night", "paper", "slate", "tiles")
PLACEMENTS: Final = ("opened", "cascade", "tiles", "corners", "single")
Ask = Callable[[str, Mapping[str, Any], float], dict[str, Any]]
"""Asks the agent a verb with arguments, within so many seconds."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look; `files` seeds the documents, 0 adds none."""

    theme: str = "Greybird"
    icons: str = "elementary-xfce"
    font: str = "DejaVu Sans"
    wallpaper: str = ""
    placement: str = "opened"
    files: int = 0

    def __post_init__(self) -> None:
        """Raise NotFound for a value that is none of ours."""
        for name, known in CHOICES.items():
            value = getattr(self, name)
            if value not in known and (name, value) != ("wallpaper", ""):
                raise NotFound.among(name, value, known)

    @property
    def dark(self) -> bool:
        """Whether its theme is dark."""
        return THEMES[self.theme]

    def as_record(self) -> dict[str, Any]:
        """The look as plain data, with whether it is dark."""
        return {**asdict(self), "dark": self.dark}

    @classmethod
    def parse(cls, record: Mapping[str, Any]) -> Look:
        """The look of a record; what it does not say is as by default. Raises NotFound."""
        known = {field.name for field in fields(cls)}
        given = {key: value for key, value in record.items() if key != "dark"}
        if strange := sorted(set(given) - known):
            raise NotFound.among("part of a look", strange[0], known)
        return cls(**given)


CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "theme": tuple(THEMES),
    "icons": ICONS,
    "font": FONTS,
    "wallpaper": WALLPAPERS,
    "placement": PLACEMENTS,
}


def apply(ask: Ask, look: Look, session: Session) -> None:
    """Make a fork look so, and see that it took it. Raises NotFound, HostileInput."""
    if look.files:
        for name, data in contents(look.files, session.locale).items():
            ask("put", {"name": name, "data": data}, PUT_S)
    if look.placement != "opened":  # first, while nothing draws itself anew
        boxes = placed(look, session)
        ask("arrange", {"boxes": [list(box) for box in boxes], "top": len(boxes) - 1}, LOOK_S)
    wanted = {"theme": look.theme, "icons": look.icons, "font": look.font, "dark": look.dark}
    said = parse(Looks, ask("look", {**wanted, "wallpaper": look.wallpaper}, LOOK_S))
    if (said.theme, said.icons) != (look.theme, look.icons) or look.font not in said.font:
        raise HostileInput("the guest did not take its look", "replace the machine")


def placed(look: Look, session: Session) -> list[Rectangle]:
    """Where its windows go, in the order they were opened."""
    width, height = session.size
    count = len(session.opened.programs)
    chosen = random.Random(f"{look.placement} {look.files}")  # noqa: S311 - not a secret
    high = height - round(40 * session.scaling.ratio)
    return [_PLACES[look.placement](i, count, width, high, chosen) for i in range(count)]


def _cascade(i: int, count: int, width: int, height: int, chosen: random.Random) -> Rectangle:
    step = chosen.randint(26, 40)
    del count
    return 20 + i * step, 10 + i * step, width * 11 // 20, height * 11 // 20


def _tiles(i: int, count: int, width: int, height: int, chosen: random.Random) -> Rectangle:
    del chosen
    columns = 3 if count > 4 else 2
    rows = -(-count // columns)
    across, down = width // columns, height // rows
    return i % columns * across, i // columns * down, across - 8, down - 34


def _corners(i: int, count: int, width: int, height: int, chosen: random.Random) -> Rectangle:
    del count
    wide, tall = width * chosen.randint(45, 60) // 100, height * chosen.randint(45, 60) // 100
    left, top = (width - wide - 8) * (i % 2), (height - tall - 34) * (i // 2 % 2)
    return left, top, wide, tall


def _single(i: int, count: int, width: int, height: int, chosen: random.Random) -> Rectangle:
    """All on top of each other, nearly as large as the screen: the last one hides the others."""
    del i, count
    inset = chosen.randint(0, 40)
    return inset, inset, width - 2 * inset - 8, height - 2 * inset - 34


_PLACES: Final = {"cascade": _cascade, "tiles": _tiles, "corners": _corners, "single": _single}
