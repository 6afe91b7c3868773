"""Words that an image gives its icons elsewhere: programs' entries, menus, kinds of files.

Each names an icon and says what it stands for in many languages. A broken entry is counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from grounding.drawing.svg import Refused, parse
from grounding.icons.files import File, Tree
from grounding.icons.meanings import Meaning, meaning
from infra.errors import TrawlError

ENTRY_BYTES: Final = 1 << 20
KINDS_BYTES: Final = 16 << 20
KEY: Final = re.compile(r"^(Name|GenericName|Comment|Icon|Type)(?:\[([^\]]+)\])?\s*=\s*(.*)$")
SOURCES: Final = {
    "Name": "desktop-name",
    "GenericName": "desktop-generic-name",
    "Comment": "desktop-comment",
}
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


class Entries:
    """Meanings by the name of the icon."""

    def __init__(self) -> None:
        self.by_icon: dict[str, list[Meaning]] = defaultdict(list)
        self.refused: Counter[str] = Counter()

    def read(self, tree: Tree) -> None:
        """Add what a tree's entries say."""
        for file in (
            *tree.under("usr/share/applications/", ".desktop"),
            *tree.under("usr/share/desktop-directories/", ".directory"),
        ):
            if (data := self._bytes(file, ENTRY_BYTES)) is not None:
                icon, said = entry(data, in_menu=file.path.endswith(".directory"))
                self.by_icon[icon].extend(said)
        for file in tree.under("usr/share/mime/packages/", ".xml"):
            if (data := self._bytes(file, KINDS_BYTES)) is not None:
                self._kinds(data)

    def _kinds(self, data: bytes) -> None:
        try:
            for icon, said in kinds(data):
                self.by_icon[icon].append(said)
        except Refused as refusal:
            self.refused[f"kinds of files: {refusal}"] += 1

    def _bytes(self, file: File, most: int) -> bytes | None:
        if file.size_bytes > most:
            self.refused["entry too large"] += 1
            return None
        try:
            return file.read()
        except TrawlError as error:
            self.refused[f"entry {error.kind}"] += 1
            return None


def entry(data: bytes, *, in_menu: bool = False) -> tuple[str, list[Meaning]]:
    """The icon's name and the meanings of the first group of a desktop entry; ("", []) for none."""
    icon, kind, said = "", "Application", []
    groups = 0
    for line in data.decode("utf-8", "replace").splitlines():
        groups += line.startswith("[")
        if groups > 1:
            break
        found = KEY.match(line)
        if not found:
            continue
        key, locale, value = found[1], found[2] or "en", found[3]
        if key == "Icon":
            icon = icon or value
        elif key == "Type":
            kind = value
        else:
            source = "menu-directory" if in_menu and key == "Name" else SOURCES[key]
            said.append(meaning(value, locale, source))
    if kind not in {"Application", "Directory", "Link"} or not icon:
        return "", []
    name = icon.rpartition("/")[2]
    plain = re.sub(r"\.(png|svg|xpm)$", "", name)
    return plain, [one for one in said if one is not None]


def kinds(data: bytes) -> Iterator[tuple[str, Meaning]]:
    """Icon names with what a kind of file is called, of a shared MIME database. Raises Refused."""
    for kind in parse(data).iter("{*}mime-type"):
        name = str(kind.get("type") or "").replace("/", "-")
        own = kind.find("{*}icon")
        icon = name if own is None else str(own.get("name") or name)
        for comment in kind.iterfind("{*}comment"):
            lang = comment.get(XML_LANG) or "en"
            one = meaning(comment.text or "", lang, "mime-comment")
            if icon and one is not None:
                yield icon, one
