"""Filling the table: the themes' icons first, then what was seen on screens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grounding.icons import naming, paint
from grounding.icons.entries import Entries
from grounding.icons.files import Tree
from grounding.icons.looks import Look, of_crop, of_picture
from grounding.icons.meanings import Meaning
from grounding.icons.naming import Labels
from grounding.icons.sightings import Looked, Sighting
from grounding.icons.stats import Stats
from grounding.icons.store import Store
from grounding.icons.table import Icon, Origin, Picture, Table
from grounding.icons.themes import ThemeIcon, Themes
from infra import workers
from infra.errors import TrawlError
from infra.files import sha256_bytes
from infra.progress import Progress

DRAW_S: Final = 20.0
KNOWN_BY_PX: Final = 48
"""The size at which a theme's icons are compared."""


@dataclass(slots=True)
class Gatherer:
    """One build's table with the place its pictures go to."""

    store: Store
    stats: Stats
    table: Table
    crops: dict[str, Icon | None]

    def themes(self, trees: Sequence[Tree], count: int, progress: Progress) -> None:
        """Add every icon of the trees that has a meaning, drawn by `count` workers."""
        progress.say("reading themes")
        labels, entries, themes = Labels(), Entries(), Themes()
        for tree in trees:
            labels.read(tree)
            entries.read(tree)
        wanted = list(self._meant(themes.icons(trees), labels, entries))
        progress.say(f"drawing {len(wanted)} icons of themes")
        tasks = _Tasks(icon for icon, _ in wanted)
        drawn = workers.run("grounding.icons.paint:paint", tasks, count, DRAW_S, progress)
        for (icon, said), outcome in zip(wanted, drawn, strict=True):
            self._theme_icon(icon, said, outcome)
        self.stats.dropped.update(themes.refused + entries.refused)
        self.stats.dropped["translations that cannot be read"] += labels.refused

    def _meant(
        self, icons: Iterator[ThemeIcon], labels: Labels, entries: Entries
    ) -> Iterator[tuple[ThemeIcon, list[Meaning]]]:
        for icon in icons:
            self.stats.read["theme icons"] += 1
            said = [m for name in icon.names for m in naming.meanings(name, labels)]
            said += [m for name in icon.names for m in entries.by_icon.get(name, ())]
            if said:
                yield icon, said
            else:
                self.stats.dropped["theme icon without a meaning"] += 1

    def _theme_icon(self, icon: ThemeIcon, said: list[Meaning], outcome: workers.Outcome) -> None:
        """Add one drawn icon, to the one that looks the same if there is one."""
        for _, reason in [] if outcome.failure else outcome.value["refused"]:
            self.stats.dropped[f"file {reason}"] += 1
        made = [] if outcome.failure else outcome.value["pictures"]
        if not made:
            self.stats.dropped[f"theme icon {outcome.failure or 'without a picture'}"] += 1
            return
        best = min(made, key=lambda p: (abs(max(p["width"], p["height"]) - KNOWN_BY_PX), p["made"]))
        ordered = [best, *(p for p in made if p is not best)]
        looks = (look for p in ordered if (look := of_picture(_decoded(p["png"]))) is not None)
        first = next(looks, None)
        if first is None:
            self.stats.dropped["theme icon that shows nothing"] += 1
            return
        known = self.table.find(first)
        if known is None:
            known = Icon((first, *looks), [], icon.symbolic, icon.context)
            known.add_pictures(self._stored(p) for p in ordered)
            self.table.add(known)
        else:
            self.stats.joined["theme"] += 1
            known.add_pictures(self._stored(p) for p in ordered)
        known.names.update(icon.names)
        known.meanings.extend(said)
        known.origins.extend(_origin(icon, number) for number in sorted({p["file"] for p in made}))

    def _stored(self, made: dict[str, Any]) -> Picture:
        return Picture(self.store.put(made["png"]), made["width"], made["height"], made["made"])

    def screen(self, shown: Looked, place: dict[str, Any]) -> list[tuple[Sighting, Icon]]:
        """Add the icons of one screen; `place` names the screen. Returns which icon each is."""
        found = []
        for sighting in shown.icons:
            self.stats.read["sightings"] += 1
            icon = self._seen(sighting)
            if icon is None:
                self.stats.dropped["sighting that shows nothing"] += 1
                continue
            icon.hear(sighting.app, sighting.meanings)
            if sighting.function is not None:
                icon.functions[sighting.function.en, sighting.function.zh] += 1
            icon.see(
                {
                    **place,
                    "element": sighting.element_id,
                    "role": sighting.role,
                    "app": sighting.app,
                    "bbox_px": sighting.box.as_list(),
                }
            )
            found.append((sighting, icon))
        return found

    def _seen(self, sighting: Sighting) -> Icon | None:
        """The icon a sighting is of; new where nothing looks like it, None where nothing shows."""
        key = sha256_bytes(repr(sighting.pixels.shape).encode() + sighting.pixels.tobytes())
        if key not in self.crops:
            look = of_crop(sighting.pixels)
            self.crops[key] = None if look is None else self._by_look(look, sighting)
        return self.crops[key]

    def _by_look(self, look: Look, sighting: Sighting) -> Icon:
        known = self.table.find(look)
        if known is not None:
            self.stats.joined["screen"] += 1
        sha256 = self.store.put_pixels(sighting.pixels)
        picture = Picture(sha256, sighting.box.width, sighting.box.height, "screen")
        if known is None:
            known = Icon((look,), [picture])
            self.table.add(known)
        elif not any(p.made == "screen" for p in known.pictures):
            known.pictures.append(picture)
        return known


class _Tasks(list[Any]):
    """Worker inputs that read their files only when they are handed out."""

    def __getitem__(self, index: Any) -> Any:
        icon: ThemeIcon = super().__getitem__(index)
        largest = icon.drawings[-1]
        given = []
        for drawing in icon.drawings:
            try:
                data = b"" if drawing.file.size_bytes > paint.FILE_BYTES else drawing.file.read()
            except TrawlError:
                data = b""
            sizes = list(paint.SIZES) if drawing is largest else []
            given.append({"data": data, "size_px": drawing.size_px, "sizes": sizes})
        return {"files": given}


def _origin(icon: ThemeIcon, number: int) -> Origin:
    file = icon.drawings[number].file
    return Origin(file.package, file.version, file.path, icon.theme, file.licence.as_record())


def _decoded(png: bytes) -> Any:
    """The pixels of a PNG that a worker made."""
    import cv2
    import numpy as np

    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA)
