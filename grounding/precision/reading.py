"""Whether a box shows the name of its element: read by an engine, beside what the engine can do.

Kept and dropped elements are read alike. For each kept one the same name is drawn perfectly, in
the font and size of the screen, and read by the same engine: that is the ceiling.
"""

from __future__ import annotations

import random
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from grounding.precision import perfect, rule, shares
from grounding.precision.engines import Engines, Segment
from grounding.precision.lots import Drawn, Urn, evenly
from infra.progress import Progress

DROPPED_SHARE: Final = 0.25
"""So many dropped elements are read for each kept one."""
FEWEST: Final = 20
"""A program with fewer readings is not called the worst."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a box, and in the perfect crop of the same name."""

    drawn: Drawn
    read: tuple[str, ...]
    agrees: bool
    is_elided: bool = False
    """The program itself shows only the name's beginning: not counted."""
    perfect_read: tuple[str, ...] = ()
    perfect_agrees: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class Readings:
    """All readings of one check."""

    kept: tuple[Reading, ...]
    dropped: tuple[Reading, ...]
    urn: Urn
    engines: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        """The figures, as the report has them."""
        kept = [reading for reading in self.kept if not reading.is_elided]
        after = _share(kept)
        dropped = _share([reading for reading in self.dropped if not reading.is_elided])
        ceiling = _mean([reading.perfect_agrees for reading in kept])
        counts = [sum(map(len, side.values())) for side in (self.urn.kept, self.urn.dropped)]
        excluded = sum(self.urn.excluded.values())
        return {
            "rule": f"NFKC, letters and digits, without case: edit similarity {rule.ALIKE}",
            "engines": list(self.engines),
            "fonts": sorted({reading.font for reading in kept}),
            "screens": self.urn.screens,
            "before": {"share": shares.before(counts, after["share"], dropped["share"])},
            "after": after,
            "dropped": dropped,
            "ceiling": ceiling,
            "gap": None if ceiling is None else round(ceiling - (after["share"] or 0.0), 4),
            "excluded": dict(sorted(self.urn.excluded.items())),
            "excluded_share": shares.share(excluded, excluded + counts[0]),
            "elided": len(self.kept) - len(kept),
            "programs": _programs(kept),
            "disagreements": [_told(reading) for reading in kept if not reading.agrees],
        }


def _programs(kept: Sequence[Reading]) -> list[dict[str, Any]]:
    by_program: dict[str, list[Reading]] = defaultdict(list)
    for reading in kept:
        by_program[reading.drawn.program].append(reading)
    return [
        {
            "program": name,
            "toolkit": readings[0].drawn.toolkit,
            **_share(readings),
            "ceiling": _mean([reading.perfect_agrees for reading in readings]),
        }
        for name, readings in sorted(by_program.items())
    ]


def worst(record: dict[str, Any]) -> dict[str, Any] | None:
    """The program with the smallest share among those with enough readings."""
    enough = [one for one in record["programs"] if one["count"] >= FEWEST]
    return min(enough, key=lambda one: float(one["share"]), default=None)


def read(urn: Urn, count: int, chance: random.Random, progress: Progress) -> Readings:
    """Draw and read so many kept elements, and some that were dropped. Raises Unavailable."""
    engines = Engines()
    kept = []
    for drawn in evenly(urn.kept, count, chance):
        kept.append((drawn, _read(engines, drawn)))
        progress.advance()
    sizes = _sizes(kept)
    held = []
    for drawn, said in kept:
        held.append(_beside(engines, _judged(drawn, said), _size(drawn, said, sizes)))
        progress.advance()
    dropped = [
        _judged(drawn, _read(engines, drawn))
        for drawn in evenly(urn.dropped, round(DROPPED_SHARE * count), chance)
    ]
    return Readings(tuple(held), tuple(dropped), urn, tuple(engines.names()))


def _read(engines: Engines, drawn: Drawn) -> list[Segment]:
    return engines.of(rule.script(drawn.name) or rule.LATIN).read(drawn.pixels)


def _judged(drawn: Drawn, said: Sequence[Segment]) -> Reading:
    texts = tuple(segment.text for segment in said)
    return Reading(drawn, texts, rule.agrees(drawn.name, texts), rule.is_elided(drawn.name, texts))


def _beside(engines: Engines, reading: Reading, size_px: float) -> Reading:
    """A reading with that of the perfect crop of the same name, which may not fit in its box."""
    drawn = reading.drawn
    family = perfect.drawn_in(drawn.font)
    flawless = perfect.crop(drawn.name, family, size_px, drawn.pixels)
    again = tuple(segment.text for segment in _read(engines, replace(drawn, pixels=flawless)))
    agreed = rule.agrees(drawn.name, again)
    cut = flawless.shape[1] > drawn.box.width and rule.is_begun(drawn.name, reading.read)
    return replace(
        reading,
        is_elided=reading.is_elided or (cut and not reading.agrees),
        perfect_read=again,
        perfect_agrees=agreed,
        font=family,
    )


def _size(drawn: Drawn, said: Sequence[Segment], usual: dict[str, float]) -> float:
    """The size of the letters: as read here, else the program's usual one, else the desktop's."""
    return _fitted(drawn, said) or usual.get(drawn.program) or perfect.DEFAULT_PX * drawn.scale


def _sizes(kept: Sequence[tuple[Drawn, list[Segment]]]) -> dict[str, float]:
    """The usual size of letters of each program, from the names that were read where they stand."""
    sizes: dict[str, list[float]] = defaultdict(list)
    for drawn, said in kept:
        if (size := _fitted(drawn, said)) is not None:
            sizes[drawn.program].append(size)
    return {program: statistics.median(found) for program, found in sizes.items()}


def _fitted(drawn: Drawn, said: Sequence[Segment]) -> float | None:
    """The size of the letters where one segment is the name and its width is known."""
    for segment in said:
        if segment.width_px and rule.agrees(drawn.name, [segment.text]):
            return perfect.size_of(drawn.name, perfect.drawn_in(drawn.font), segment.width_px)
    return None


def _share(readings: Sequence[Reading]) -> dict[str, Any]:
    agreed = sum(reading.agrees for reading in readings)
    return {"count": len(readings), "agreed": agreed, "share": shares.share(agreed, len(readings))}


def _mean(said: Sequence[bool]) -> float | None:
    return shares.share(sum(said), len(said))


def _told(reading: Reading) -> dict[str, Any]:
    drawn = reading.drawn
    return {
        "program": drawn.program,
        "role": drawn.role,
        "name": drawn.name,
        "read": list(reading.read),
        "perfect": list(reading.perfect_read),
        "screen": f"{drawn.episode}#{drawn.number}",
        "box": drawn.box.as_list(),
    }
