"""How each toolkit's programs are read: what was learnt about them, as data.

An unknown toolkit is walked, which is slow and always works.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from envs.tree.batches import Patience

READING: Final = Patience(silence_s=8.0, total_s=30.0)
READING_SLOWLY: Final = Patience(silence_s=20.0, total_s=60.0)
REFRESHING: Final = Patience(silence_s=3.0, total_s=6.0)
REFRESHING_SLOWLY: Final = Patience(silence_s=4.0, total_s=8.0)


@dataclass(frozen=True, slots=True)
class Toolkit:
    """A way of reading.

    `cached`: `Cache.GetItems` lists the whole program; one without a cache tells little of what
    changes, so whatever it tells puts all of it that shows in doubt. `tells_bounds`: every widget
    that moves says so itself; elsewhere a container's word counts for all below it. `text_end`:
    what to ask a text for, since some clip a range to the text and others refuse it.
    `forgets_menu_bar`: see `envs.tree.panes`. `shifts_expanders`: see `envs.tree.expanders`. `plain_cells`: the cells of a sheet are all alike, hold nothing, and are
    named by their place, so one of them is asked what they are. `tells_places`: it knows where on
    the screen its windows are; GTK 4 does not, and says that all begin at the corner. `first` and
    `later` are the patience with a whole read and with a refresh, under emulation.
    """

    cached: bool
    tells_bounds: bool = False
    text_end: int = -1
    forgets_menu_bar: bool = False
    shifts_expanders: bool = False
    plain_cells: bool = False
    tells_places: bool = True
    first: Patience = READING
    later: Patience = REFRESHING


TOOLKITS: Final = {
    "gtk": Toolkit(cached=True, tells_bounds=True, text_end=20_001, shifts_expanders=True),
    "gail": Toolkit(cached=True, tells_bounds=True, text_end=20_001),
    "vcl": Toolkit(
        cached=True,
        forgets_menu_bar=True,
        plain_cells=True,
        first=READING_SLOWLY,
        later=REFRESHING_SLOWLY,
    ),
    "webkitgtk": Toolkit(cached=True),
    "gecko": Toolkit(cached=True, first=READING_SLOWLY),
    "chromium": Toolkit(cached=True, first=READING_SLOWLY),
    "qt": Toolkit(cached=False),
}
UNKNOWN: Final = Toolkit(cached=False)
GTK_4: Final = Toolkit(cached=False, tells_places=False)


PROGRAMS: Final = {"soffice": "vcl"}
"""Programs that draw themselves and name the toolkit they sit in."""


def drawn_by(name: str, toolkit: str) -> str:
    """The toolkit that draws the program of that name, which says that it uses `toolkit`."""
    return PROGRAMS.get(name.lower(), toolkit)


def known(toolkit: str, version: str = "") -> Toolkit:
    """The way a toolkit is read; GTK 4 shares GTK 3's name and not its cache."""
    if toolkit.lower() == "gtk" and version.startswith("4"):
        return GTK_4
    return TOOLKITS.get(toolkit.lower(), UNKNOWN)
