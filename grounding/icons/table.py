"""The table: pictures that look the same are one icon, with all that it was found to mean.

An icon is known by the first picture that brought it. What comes later joins it only by looking
like that one, never by looking like something that joined, so that no chain of small differences
makes one icon of two. A meaning that several icons share links them and does not unite them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from grounding.icons import waves
from grounding.icons.looks import HASH_BITS, Look
from grounding.icons.meanings import Meaning, unite
from grounding.icons.waves import WAVES, Traits
from infra.files import sha256_bytes

ID_HEX: Final = 20
NAMES_OF_ONE: Final = 2
"""A program that calls one look by more names than this names what stands beside it."""
SEEN_KEPT: Final = 40
"""Places on screens kept per icon; all are counted."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture: its blob, its size in pixels, and how it was made.

    `made` is `file` (as its maker drew it), `skia` or `resvg` (drawn here), or `screen` (a crop).
    """

    sha256: str
    width: int
    height: int
    made: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A file that an icon came from."""

    package: str
    version: str
    file: str
    theme: str
    licence: dict[str, Any] = field(hash=False)


@dataclass(slots=True)
class Icon:
    """One look with what is known of it."""

    looks: tuple[Look, ...]
    pictures: list[Picture]
    symbolic: bool = False
    context: str = ""
    names: set[str] = field(default_factory=set)
    meanings: list[Meaning] = field(default_factory=list)
    functions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """English and Chinese words for what pressing it did, and how often."""
    origins: list[Origin] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    sightings: int = 0
    said: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """What screens called it, by program and source."""

    @property
    def id(self) -> str:
        """A hash of its first picture, which stays the same as long as that comes first."""
        return f"icon-{sha256_bytes(self.pictures[0].sha256.encode())[:ID_HEX]}"

    def add_pictures(self, pictures: Iterable[Picture]) -> None:
        """Add pictures of sizes that it has none of."""
        have = {(p.width, p.height) for p in self.pictures}
        for picture in pictures:
            if (picture.width, picture.height) not in have:
                have.add((picture.width, picture.height))
                self.pictures.append(picture)

    def hear(self, app: str, said: Iterable[Meaning]) -> None:
        """Add what a screen of a program calls it."""
        for one in said:
            self.meanings.append(one)
            self.said.setdefault((app, one.source), set()).add(one.text)

    def particular(self) -> frozenset[str]:
        """What it was called for what stood beside it ("Delete note 3"), rather than for itself."""
        many = (texts for texts in self.said.values() if len(texts) > NAMES_OF_ONE)
        return frozenset().union(*many)

    def see(self, place: dict[str, Any]) -> None:
        """Count a sighting and remember where it was."""
        self.sightings += 1
        if len(self.seen) < SEEN_KEPT:
            self.seen.append(place)

    def as_record(self, concepts: Sequence[str]) -> dict[str, Any]:
        """The icon's row."""
        return {
            "id": self.id,
            "looks": [f"{look.hash:016x}" for look in self.looks],
            "pictures": [asdict(p) for p in self.pictures],
            "symbolic": self.symbolic,
            "context": self.context,
            "names": sorted(self.names),
            "meanings": [m.as_record() for m in unite(self.meanings)],
            "functions": [
                {"en": en, "zh": zh, "count": count}
                for (en, zh), count in sorted(self.functions.items(), key=lambda i: (-i[1], i[0]))
            ],
            "concepts": list(concepts),
            "origins": [asdict(o) for o in sorted(set(self.origins), key=_origin_key)],
            "sightings": self.sightings,
            "seen": self.seen,
        }


def _origin_key(origin: Origin) -> tuple[str, str, str]:
    return origin.theme, origin.package, origin.file


class Table:
    """Icons by look."""

    def __init__(self) -> None:
        self.icons: list[Icon] = []
        self._hashes = np.zeros(1024, np.uint64)
        self._traits = _room(1024)
        self._owners: list[tuple[int, Look]] = []

    def find(self, look: Look) -> Icon | None:
        """The icon that looks so, the first of several."""
        near = self._near(look)
        may = waves.may_be(Traits(*(part[near] for part in self._traits)), waves.traits(look))
        for place in map(int, near[may]):
            owner, known = self._owners[place]
            if known.same(look):
                return self.icons[owner]
        return None

    def add(self, icon: Icon) -> None:
        """A new icon, known by its looks from now on."""
        for look in icon.looks:
            count = len(self._owners)
            if count == len(self._hashes):
                self._hashes = np.resize(self._hashes, 2 * count)
                self._traits = Traits(
                    *(np.resize(p, (2 * count, *p.shape[1:])) for p in self._traits)
                )
            self._hashes[count] = look.hash
            for part, value in zip(self._traits, waves.traits(look), strict=True):
                part[count] = value
            self._owners.append((len(self.icons), look))
        self.icons.append(icon)

    def _near(self, look: Look) -> npt.NDArray[np.intp]:
        hashes = self._hashes[: len(self._owners)]
        apart = np.bitwise_count(hashes ^ np.uint64(look.hash))
        return np.flatnonzero(apart <= max(look.hash_bits, HASH_BITS))

    def concepts(self) -> Iterator[dict[str, Any]]:
        """Each meaning with the icons that have it, those of several looks only."""
        icons: dict[tuple[str, str], list[Icon]] = defaultdict(list)
        texts: dict[tuple[str, str], str] = {}
        for icon in self.icons:
            for one in unite(icon.meanings):
                texts.setdefault(one.key, one.text)
                icons[one.key].append(icon)
        for key in sorted(icons):
            if len(icons[key]) > 1:
                yield {
                    "id": concept_id(key),
                    "text": texts[key],
                    "lang": key[0],
                    "icons": [icon.id for icon in icons[key]],
                }


def _room(count: int) -> Traits:
    """Room for the traits of so many looks."""
    return Traits(
        proportion=np.zeros(count),
        mono=np.zeros(count, bool),
        drawn=np.zeros(count, bool),
        ground=np.zeros((count, 3), np.float32),
        cover=np.zeros((count, WAVES), np.complex64),
        colour=np.zeros((count, 3, WAVES), np.complex64),
    )


def concept_id(key: tuple[str, str]) -> str:
    """The id of a meaning that icons share."""
    return f"meaning-{sha256_bytes(chr(0).join(key).encode('utf-8', 'replace'))[:ID_HEX]}"
