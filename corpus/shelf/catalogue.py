"""The packages that most recipes read, what for, and how installed paths map to their sources' paths.

A recipe may name any other package of the host's archive. A copyright file names files as they lie
in the source package; `renames` turns an installed path into that, so that a licence given per file
is found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Item:
    """One package of the shelf."""

    package: str
    about: str
    renames: tuple[tuple[str, str], ...] = ()
    group: str = "text"
    """What it is for: `icons` is what the icon table is made of, all else is what recipes read."""

    def source_path(self, installed: str) -> str:
        """The path in the source package, as its copyright file would name it."""
        for pattern, replacement in self.renames:
            renamed, count = re.subn(pattern, replacement, installed)
            if count:
                return renamed
        return installed


CATALOGUE: Final[Mapping[str, Item]] = {
    item.package: item
    for item in (
        Item("openclipart-svg", "clip art with titles: captions"),
        Item("python3.11-doc", "Python's documentation: English text and code"),
        Item(
            "manpages-zh",
            "manual pages in Chinese: text",
            ((r"^usr/share/man/zh_(?:CN|TW)/(man\d\w*/.+?)(?:\.gz)?$", r"src/\1"),),
        ),
        Item("fortunes-zh", "sayings and classical poems in Chinese: text"),
        Item(
            "tuxpaint-stamps-default",
            "stamps with a line in many languages: captions",
            ((r"^usr/share/tuxpaint/(stamps/.+)$", r"\1"),),
        ),
        Item("gimp-help-en", "GIMP's manual with its figures: interleaved, text"),
        Item("gimp-help-common", "what the manual's languages share: its licence"),
        Item("debian-handbook", "a textbook in 26 languages: interleaved, text"),
        Item(
            "linux-doc-6.1",
            "the kernel's documentation, part of it in Chinese: text",
            ((r"^usr/share/doc/linux-doc-6\.1/html/(.+)\.html$", r"Documentation/\1.rst"),),
        ),
        Item("debian-reference-zh-cn", "Debian's reference in Chinese: text"),
        Item("adwaita-icon-theme", "GNOME's icons", group="icons"),
        Item("breeze-icon-theme", "KDE's icons", group="icons"),
        Item("elementary-icon-theme", "elementary's icons", group="icons"),
        Item("elementary-xfce-icon-theme", "Xfce's icons", group="icons"),
        Item("gnome-icon-theme", "GNOME 2's icons", group="icons"),
        Item("suru-icon-theme", "Ubuntu Touch's icons", group="icons"),
        Item("tango-icon-theme", "Tango's icons", group="icons"),
        Item("shared-mime-info", "what kinds of files are called", group="icons"),
        Item("libgtk-3-common", "GTK's labels in its languages", group="icons"),
    )
}


def group(name: str) -> list[str]:
    """The packages of one group, in the catalogue's order."""
    return [item.package for item in CATALOGUE.values() if item.group == name]
