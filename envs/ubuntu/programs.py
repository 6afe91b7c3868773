"""What stands open on a warmed desktop, in the order it is opened: the last lies on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Program:
    """A program by its desktop id, the document it shows, and its window's box on the screen.

    The box is left, top, width, height.
    """

    app: str
    file: str
    box: tuple[int, int, int, int]


OPEN: Final = (
    Program("xfce4-appfinder.desktop", "", (0, 0, 640, 420)),
    Program("atril.desktop", "guide.pdf", (840, 0, 436, 420)),
    Program("thunar.desktop", "", (0, 400, 520, 340)),
    Program("geany.desktop", "savings.py", (330, 250, 620, 320)),
    Program("org.xfce.ristretto.desktop", "harbour.png", (880, 380, 390, 350)),
    Program("xfce4-terminal.desktop", "", (250, 560, 470, 180)),
    Program("org.xfce.mousepad.desktop", "notes.txt", (540, 470, 390, 270)),
    Program("xfce-settings-manager.desktop", "", (640, 60, 420, 300)),
    Program("galculator.desktop", "", (1000, 230, 260, 260)),
)
"""At least eight, each partly in sight on a screen of 1280 by 800."""
