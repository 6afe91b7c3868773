"""The programs the mirror is held to account on, one or more of every toolkit of the image."""

from __future__ import annotations

from typing import Final

from tests.bench.changes import (
    LINES,
    Script,
    Step,
    click,
    keys,
    scroll,
    windowing,
    write,
)

INSIDE: Final = 10
"""GTK's windows are told with their frame."""
ABOVE: Final = -10
"""Qt's without it."""
MENUS: Final[tuple[Step, ...]] = (
    keys("menu", "alt+f"), keys("menu", "down"), keys("menu", "right"), keys("menu", "esc", "esc"),
)  # fmt: skip
MOUSEPAD: Final = Script(
    "GTK 3", "mousepad", "notes.txt",
    (
        write("type", "textbox", LINES), scroll("textbox", 5), scroll("textbox", -3), *MENUS,
        keys("dialog", "ctrl+o"), keys("dialog", "esc"), keys("dialog", "ctrl+r"), keys("dialog", "esc"),
        *windowing(INSIDE), keys("tab", "ctrl+n"), write("type", "textbox", "other"),
        keys("tab", "ctrl+pageup"), keys("tab", "ctrl+pagedown"),
    ),
)  # fmt: skip
THUNAR: Final = Script(
    "GTK 3", "Thunar", "Thunar",
    (
        click("select", "cell", "Desktop"), click("select", "cell", "user"), *MENUS, keys("tab", "ctrl+t"),
        keys("tab", "ctrl+pageup"), *windowing(INSIDE), keys("dialog", "alt+enter"),
        keys("dialog", "esc"), keys("scroll", "ctrl+2"), keys("scroll", "ctrl+1"),
    ),
)  # fmt: skip
CALCULATOR: Final = Script(
    "GTK 3", "galculator", "galculator",
    (
        keys("type", "7", "8"), keys("type", "esc"), keys("menu", "alt+v"), keys("menu", "down"),
        keys("menu", "esc"), *windowing(INSIDE),
    ),
)  # fmt: skip
FEATHERPAD: Final = Script(
    "Qt 5", "FeatherPad", "expenses.csv",
    (
        write("type", "textbox", LINES), scroll("textbox", 5), scroll("textbox", -3),
        click("menu", "menuitem", "File"), keys("menu", "down"), keys("menu", "right"),
        keys("menu", "esc", "esc"), keys("tab", "ctrl+n"), write("type", "textbox", "other"),
        click("tab", "tab", "expenses"), click("tab", "tab", "Untitled"),
        click("tab", "tab", "expenses"), keys("dialog", "ctrl+o"), keys("dialog", "esc"),
        *windowing(ABOVE),
    ),
    "featherpad.desktop", "expenses.csv",
)  # fmt: skip
QT6CT: Final = Script(
    "Qt 6", "qt6ct", "Qt6 Configuration",
    (
        click("tab", "tab", "Fonts"), click("tab", "tab", "Icon Theme"), click("select", "listitem"),
        click("tab", "tab", "Interface"), click("tab", "tab", "Appearance"),
        click("menu", "combobox"), keys("menu", "esc"), *windowing(ABOVE),
    ),
    "qt6ct.desktop", "",
)  # fmt: skip
TEXT_EDITOR: Final = Script(
    "GTK 4", "gnome-text-editor", "notes.txt",
    (
        keys("type", "a", "b", "enter"), keys("dialog", "ctrl+o"), keys("dialog", "esc"),
        keys("menu", "f10"), keys("menu", "esc"), keys("move", "alt+f7", "down", "enter"),
    ),
    "org.gnome.TextEditor.desktop", "notes.txt", tells_places=False,
)  # fmt: skip
WRITER: Final = Script(
    "LibreOffice", "soffice", "letter.odt",
    (
        write("type", "document-text", "Dear neighbours,\n"), scroll("document-text", -5),
        scroll("document-text", 5), *MENUS, keys("dialog", "ctrl+h"), keys("dialog", "esc"),
        *windowing(INSIDE),
    ),
    "libreoffice-writer.desktop", "letter.odt", (60, 60, 900, 600),
)  # fmt: skip
FIREFOX: Final = Script(
    "Firefox", "Firefox", "Firefox",
    (
        keys("tab", "ctrl+t"), keys("tab", "ctrl+pageup"), *windowing(INSIDE),
        keys("menu", "alt+f"), keys("menu", "esc"), keys("scroll", "pagedown"),
    ),
    "firefox-esr.desktop", "orders.html", (60, 60, 900, 600),
)  # fmt: skip
SCRIPTS: Final = (
    MOUSEPAD, THUNAR, CALCULATOR, FEATHERPAD, QT6CT, TEXT_EDITOR, WRITER, FIREFOX,
)  # fmt: skip
