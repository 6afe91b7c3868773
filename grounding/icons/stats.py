"""What a build of the icon table kept and what it left out, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from grounding.icons.meanings import unite
from grounding.icons.table import Icon, Table


@dataclass(slots=True)
class Stats:
    """The counts of one build. `dropped` is by reason, of files, theme icons, screens, sightings and samples."""

    icons: int = 0
    pictures: int = 0
    meanings: int = 0
    concepts: int = 0
    """Meanings that several looks share."""
    with_function: int = 0
    several_meanings: int = 0
    """Icons with more than one meaning in English."""
    read: Counter[str] = field(default_factory=Counter)
    """`theme icons`, `sightings`, `recordings`, `screens`."""
    joined: Counter[str] = field(default_factory=Counter)
    """What looked like an icon that was there: by `theme` or `screen`."""
    sources: Counter[str] = field(default_factory=Counter)
    """Icons by where they came from: `themes only`, `screens only`, `both`."""
    languages: Counter[str] = field(default_factory=Counter)
    """Meanings by language."""
    said_by: Counter[str] = field(default_factory=Counter)
    """Meanings by source."""
    licences: Counter[str] = field(default_factory=Counter)
    themes: Counter[str] = field(default_factory=Counter)
    samples: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def count(self, table: Table) -> None:
        """Add a finished table."""
        self.icons = len(table.icons)
        for icon in table.icons:
            self._icon(icon)

    def _icon(self, icon: Icon) -> None:
        said = unite(icon.meanings)
        self.pictures += len(icon.pictures)
        self.meanings += len(said)
        self.languages.update(m.lang for m in said)
        self.said_by.update(m.source for m in said)
        self.with_function += bool(icon.functions)
        self.several_meanings += sum(m.lang == "en" for m in said) > 1
        self.licences.update({str(o.licence.get("name")) for o in icon.origins} or {"own screens"})
        self.themes.update({o.theme for o in icon.origins})
        both = bool(icon.origins) and bool(icon.sightings)
        self.sources["both" if both else "themes only" if icon.origins else "screens only"] += 1

    def as_record(self) -> dict[str, Any]:
        """Plain data, the commonest first inside each count."""
        plain: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            plain[name] = dict(value.most_common()) if isinstance(value, Counter) else value
        return plain
