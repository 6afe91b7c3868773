"""What stands on a fake desktop: a few windows with plausible content, drawn from a seed."""

from __future__ import annotations

import random
from typing import Final

from envs.fake.desk import Desk, moved
from envs.fake.widgets import ROW, Widget, Window
from envs.types import Box

NAMES: Final = ("Ada Byron", "Lin Mei", "Omar Haddad", "Ines Duarte", "Jonas Berg", "Aiko Sato")
CITIES: Final = ("Lisbon", "Nairobi", "Osaka", "Quito", "Bergen", "Taipei", "Leeds", "Perth")
FILES: Final = ("report", "minutes", "budget", "photo", "letter", "recipe", "draft", "invoice")
ENDINGS: Final = (".txt", ".odt", ".csv", ".png", ".pdf")
FILE_MENU: Final = ("New", "Open...", "Save", "Close")
EDIT_MENU: Final = ("Undo", "Find...", "Preferences")
VIEW_MENU: Final = ("Zoom In", "Zoom Out", "Full Screen")


def desk(seed: int, width: int, height: int) -> Desk:
    """The desktop of that seed."""
    rng = random.Random(seed)  # noqa: S311 - variety, not secrecy
    windows = [files(rng), sketch(), notes(rng), form(rng)]
    offsets = [(360, 24), (400, 210), (110, 30), (150, 190)]
    for window, (left, top) in zip(windows, offsets, strict=True):
        left = min(left + rng.randrange(24), max(0, width - window.box.width))  # noqa: PLW2901
        top = min(top + rng.randrange(24), max(0, height - window.box.height - 30))  # noqa: PLW2901
        window.box = moved(window.box, left, top)
    return Desk(width, height, rng.randrange(180), windows)


def form(rng: random.Random) -> Window:
    """A registration form: every kind of control once."""
    people = rng.sample(NAMES, 2)
    return Window(
        key="form",
        title="Registration",
        app="forms",
        box=Box(0, 0, 420, 330),
        menus={"File": FILE_MENU, "Edit": EDIT_MENU},
        widgets=[
            Widget("name-label", "label", "Name", Box(12, 14, 90, 30)),
            Widget("name", "textbox", "Name", Box(100, 10, 300, 34), text=people[0]),
            Widget("mail-label", "label", "Mail", Box(12, 46, 90, 62)),
            Widget("mail", "textbox", "Mail", Box(100, 42, 300, 66)),
            Widget("city-label", "label", "City", Box(12, 78, 90, 94)),
            Widget("city", "combobox", "City", Box(100, 74, 300, 98), items=CITIES[:5]),
            Widget("news", "checkbox", "Send me news", Box(12, 110, 180, 130)),
            Widget("post", "radio", "By post", Box(12, 136, 120, 156), group="by", checked=True),
            Widget("phone", "radio", "By phone", Box(130, 136, 250, 156), group="by"),
            Widget("comment-label", "label", "Comment", Box(12, 166, 90, 182)),
            Widget("comment", "textbox", "Comment", Box(100, 164, 400, 216), multiline=True),
            Widget("send", "button", "Send", Box(12, 230, 100, 256), effect="count"),
            Widget("clear", "button", "Clear", Box(110, 230, 198, 256), effect="clear"),
            Widget("old", "button", "Archive", Box(208, 230, 296, 256), enabled=False),
            Widget("status", "status", "", Box(12, 262, 400, 278)),
        ],
    )


def notes(rng: random.Random) -> Window:
    """A text editor."""
    lines = [f"{rng.choice(NAMES)} writes from {rng.choice(CITIES)}." for _ in range(5)]
    return Window(
        key="notes",
        title="Notes",
        app="editor",
        box=Box(0, 0, 380, 220),
        menus={"File": FILE_MENU, "Edit": EDIT_MENU, "View": VIEW_MENU},
        widgets=[
            Widget(
                "text",
                "textbox",
                "Document",
                Box(6, 6, 374, 146),
                text="\n".join(lines),
                multiline=True,
            ),
            Widget("status", "status", "", Box(6, 150, 374, 168)),
        ],
    )


def files(rng: random.Random) -> Window:
    """A file manager with more files than it shows."""
    items = tuple(f"{rng.choice(FILES)}-{n:02}{rng.choice(ENDINGS)}" for n in range(40))
    return Window(
        key="files",
        title="Files",
        app="files",
        box=Box(0, 0, 300, 280),
        menus={"File": FILE_MENU, "View": VIEW_MENU},
        widgets=[
            Widget("list", "listbox", "Files", Box(6, 6, 294, 6 + 9 * ROW), items=items),
            Widget("form", "button", "New form", Box(6, 206, 110, 228), effect="open:form"),
        ],
    )


def sketch() -> Window:
    """A canvas to draw on."""
    return Window(
        key="sketch",
        title="Sketch",
        app="sketch",
        box=Box(0, 0, 300, 240),
        widgets=[
            Widget("canvas", "canvas", "Canvas", Box(6, 6, 294, 170)),
            Widget("note", "button", "Note", Box(6, 178, 90, 202), effect="say:noted"),
            Widget("status", "status", "", Box(100, 182, 294, 198)),
        ],
    )
