"""What stands open on a warmed desktop, in the order it is opened: the last lies on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DRAWN_FOR: Final = (1280, 800)
"""The screen that boxes are given for; on another they keep their proportions."""
Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Program:
    """A program by its desktop id, the document it shows, and its window's box on the screen.

    The box is left, top, width, height.
    """

    app: str
    file: str
    box: Rectangle

    def box_on(self, width: int, height: int) -> Rectangle:
        """Its window's box on a screen of that size."""
        across, down = width / DRAWN_FOR[0], height / DRAWN_FOR[1]
        left, top, wide, high = self.box
        return round(left * across), round(top * down), round(wide * across), round(high * down)


@dataclass(frozen=True, slots=True)
class ProgramSet:
    """Programs that are open together, and what they need."""

    programs: tuple[Program, ...]
    memory_mb: int = 1024
    fewest: int = 8
    """Windows that must have come for the desktop to count."""


EVERYDAY: Final = ProgramSet(
    (
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
)
"""At least eight, each partly in sight on a screen of 1280 by 800."""
MODERN: Final = ProgramSet(
    (
        Program("org.gnome.TextEditor.desktop", "notes.txt", (0, 380, 560, 370)),
        Program("org.gnome.clocks.desktop", "", (880, 0, 390, 400)),
        Program("org.gnome.font-viewer.desktop", "", (420, 0, 480, 380)),
        Program("qt6ct.desktop", "", (20, 20, 520, 420)),
        Program("org.qt-project.designer.desktop", "", (560, 300, 640, 420)),
        Program("org.gnome.Calculator.desktop", "", (960, 360, 300, 380)),
    ),
    memory_mb=1536,
    fewest=5,
)
"""GTK 4 and Qt 6."""
OFFICE: Final = ProgramSet(
    (
        Program("libreoffice-calc.desktop", "budget.ods", (40, 20, 980, 560)),
        Program("libreoffice-writer.desktop", "letter.odt", (240, 90, 960, 620)),
        Program("claws-mail.desktop", "", (0, 420, 560, 330)),
        Program("featherpad.desktop", "expenses.csv", (760, 0, 500, 330)),
        Program("qpdfview.desktop", "guide.pdf", (820, 360, 450, 390)),
        Program("osmo.desktop", "", (0, 0, 460, 420)),
    ),
    memory_mb=1280,
    fewest=4,
)
"""An office suite, with mail, a calendar and Qt 5 readers beside it."""
SETS: Final = {"everyday": EVERYDAY, "modern": MODERN, "office": OFFICE}
OPEN: Final = EVERYDAY.programs
"""What the default template has open."""
