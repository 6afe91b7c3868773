"""Words for the names that themes give their icons.

`naming.tsv` holds the names of the freedesktop icon naming specification and a few that toolkits
added, each with its meaning in English and Chinese and the toolkit's label for the same thing; the
label brings the toolkit's own translations. Of other names the words they are made of are taken.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from grounding.icons.files import LABELS, Tree
from grounding.icons.meanings import Meaning, meaning

SYMBOLIC: Final = "-symbolic"
CONTEXTS: Final = {"media": "Stock label, media", "go": "Stock label, navigation"}
LABEL: Final = "Stock label"
NO_WORD: Final = frozenset(("symbolic", "gtk", "stock", "gnome", "xfce", "xfce4", "kde", "rtl", "ltr", "org", "com"))  # fmt: skip
"""Parts of names that say who made the icon or how it is drawn."""
CODE: Final = re.compile(r"[0-9a-f]{8,}|\d+|.")
MEASURED: Final = frozenset(("battery", "level", "signal", "volume", "brightness", "progress"))
"""Things that come in degrees; after any other word a number only counts variants."""
LATIN: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Word:
    """A name of the specification with its meaning in two languages and the toolkit's label."""

    en: str
    zh: str
    label: str


@cache
def specification() -> Mapping[str, Word]:
    """The table of `naming.tsv` by name."""
    lines = (files("grounding.icons") / "naming.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {name: Word(en, zh, label) for name, en, zh, label in rows}


class Labels:
    """The toolkit's labels in the languages that the trees hold translations for."""

    def __init__(self) -> None:
        self._by_language: dict[str, gettext.GNUTranslations] = {}
        self.refused = 0

    def read(self, tree: Tree) -> None:
        """Add the translations of a tree; those that cannot be read are counted."""
        for file in tree.under("usr/share/locale/", LABELS):
            language = file.path.split("/")[3]
            try:
                found = gettext.GNUTranslations(io.BytesIO(file.read()))
            except (OSError, ValueError, KeyError, UnicodeError, MemoryError):
                self.refused += 1
                continue
            self._by_language.setdefault(language, found)

    def of(self, name: str, label: str) -> Iterator[Meaning]:
        """The label of a name in every language that has one of its own."""
        contexts = [CONTEXTS.get(name.partition("-")[0], LABEL), LABEL]
        for language, found in sorted(self._by_language.items()):
            for context in dict.fromkeys(contexts):
                said = found.pgettext(context, label)
                one = meaning(without_mnemonic(said), language, "toolkit-label")
                if said != label and one is not None:
                    yield one
                    break


def without_mnemonic(label: str) -> str:
    """A label without the mark of its access key: `保存(_S)` is `保存`, `_Save` is `Save`."""
    return re.sub(r"\s*\(_.\)|_", "", label)


def meanings(name: str, labels: Labels) -> Iterator[Meaning]:
    """What a theme's name for an icon means."""
    plain = name.removesuffix(SYMBOLIC).removesuffix("-ltr")
    word = specification().get(plain)
    if word is not None:
        yield Meaning(word.en, "en", "naming-specification")
        yield Meaning(word.zh, "zh-CN", "naming-specification")
        if word.label:
            yield from labels.of(plain, word.label)
        return
    said = spelled(plain)
    one = meaning(said, "en", "theme-name") if said else None
    if one is not None:
        yield one


def spelled(name: str) -> str:
    """The words of a name; empty where they are none, such as a number or a hash."""
    if name.count(".") >= 2:  # a reversed domain names a program by its last part
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition(".")[2])
    parts = [part for part in re.split(r"[-_.+\s]+", name.lower()) if part and part not in NO_WORD]
    if not parts or all(CODE.fullmatch(part) for part in parts):
        return ""
    if parts[-1].isdecimal() and not MEASURED & set(parts):
        return ""
    return " ".join(parts) if any(c in LATIN for c in parts[0] + parts[-1]) else ""
