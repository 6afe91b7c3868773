"""Samples of the table: what an icon means, where it is on a screen, which icon does something.

Only words that a person wrote for people are taught: what a name of a file spells is kept in the
table and asked of nobody. A question that has a second right answer is dropped and counted.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grounding.icons.choices import confusable
from grounding.icons.meanings import Meaning, unite
from grounding.icons.sightings import Sighting
from grounding.icons.stats import Stats
from grounding.icons.store import Store
from grounding.icons.table import Icon, Picture, Table
from grounding.samples import Lines

UNTAUGHT: Final = frozenset(("theme-name", "desktop-comment"))
CAPTION_PX: Final = (16, 96)
TARGETS_OF_ONE: Final = 24
"""Screens on which one icon is asked for; a panel's icons are on every screen."""
CANDIDATES: Final = 4
TRIES: Final = 60
LANGS: Final = {"en": ("en",), "zh": ("zh-CN", "zh")}


@dataclass(frozen=True, slots=True)
class Shown:
    """One screen with the icons on it."""

    id: str
    image: str
    size: tuple[int, int]
    platform: str
    icons: tuple[tuple[Sighting, Icon], ...]
    names: Mapping[str, int]
    provenance: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of each kind."""

    captions: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    choices: list[dict[str, Any]]


def write(store: Store, table: Table, shown: Sequence[Shown], stats: Stats) -> Written:
    """Write `captions.jsonl`, `targets.jsonl` and `choices.jsonl`."""
    made = Written(
        list(captions(store, table, stats.dropped)),
        list(targets(shown, stats.dropped)),
        list(choices(store, table, stats.dropped)),
    )
    for name, rows in (
        ("captions", made.captions),
        ("targets", made.targets),
        ("choices", made.choices),
    ):
        stats.samples[name] = len(rows)
        with Lines(store.root / f"{name}.jsonl") as lines:
            for row in rows:
                lines.add(row)
    return made


def taught(icon: Icon, lang: str) -> list[Meaning]:
    """Meanings of an icon that are asked about in a language, the best first."""
    said = unite(m for m in icon.meanings if m.lang in LANGS[lang])
    return [m for m in said if m.source not in UNTAUGHT]


def captions(store: Store, table: Table, dropped: Counter[str]) -> Iterator[dict[str, Any]]:
    """Icon captioning: a picture and what it means, once per icon and language."""
    for icon in table.icons:
        picture = portrait(icon)
        if not licensed(icon):
            dropped["caption: no licence is stated"] += 1
            continue
        if picture is None:
            dropped["caption: no picture of a usable size"] += 1
            continue
        before = 0
        for lang in LANGS:
            said = taught(icon, lang)
            before += len(said)
            if said:
                yield {
                    "id": f"{icon.id}-{lang}",
                    "kind": "icon_caption",
                    "lang": lang,
                    "icon": icon.id,
                    "picture": _picture(store, picture),
                    "meaning": said[0].text,
                    "also": [m.text for m in said[1:]],
                    "source": said[0].source,
                    **origin(icon),
                }
        if not before:
            dropped["caption: only a file's name says what it means"] += 1


def licensed(icon: Icon) -> bool:
    """Whether it was seen on our own screens only, or its first file's package states a licence."""
    return not icon.origins or bool(icon.origins[0].licence.get("text_sha256"))


def portrait(icon: Icon) -> Picture | None:
    """The picture an icon is shown by: the largest of a usable size."""
    fit = [p for p in icon.pictures if CAPTION_PX[0] <= max(p.width, p.height) <= CAPTION_PX[1]]
    return max(fit, key=lambda p: (p.width * p.height, p.sha256), default=None)


def targets(shown: Sequence[Shown], dropped: Counter[str]) -> Iterator[dict[str, Any]]:
    """Icon grounding: a whole screen, a meaning or a function, and the one element's box."""
    told: Counter[str] = Counter()
    for screen in shown:
        alike = Counter(icon.id for _, icon in screen.icons)
        named = Counter(key for s, _ in screen.icons for key in {m.key for m in s.meanings})
        done = Counter(s.function.en for s, _ in screen.icons if s.function is not None)
        for number, (sighting, icon) in enumerate(screen.icons):
            row = _target(screen, sighting, icon)
            said = [m for m in sighting.meanings if named[m.key] == 1 and _alone(m, screen)]
            if alike[icon.id] > 1 and not said:
                dropped["target: the same icon twice on the screen"] += 1
            elif not said:
                dropped["target: something else bears its name"] += 1
            elif told[icon.id] >= TARGETS_OF_ONE and sighting.function is None:
                dropped["target: its icon has been asked for often enough"] += 1
            else:
                told[icon.id] += 1
                function = sighting.function
                if function is not None and done[function.en] > 1:
                    function = None
                yield {
                    "id": f"{screen.id}-{number}",
                    **row,
                    "meanings": [m.as_record() for m in said],
                    "function": None
                    if function is None
                    else {"en": function.en, "zh": function.zh},
                }


def _alone(said: Meaning, screen: Shown) -> bool:
    """Whether nothing but the icon itself bears a name on the screen."""
    return screen.names.get(said.text.casefold(), 0) <= 1


def _target(screen: Shown, sighting: Sighting, icon: Icon) -> dict[str, Any]:
    return {
        "kind": "icon_target",
        "image": screen.image,
        "image_size": list(screen.size),
        "platform": screen.platform,
        "icon": icon.id,
        "element": sighting.element_id,
        "role": sighting.role,
        "app": sighting.app,
        "bbox_px": sighting.box.as_list(),
        "provenance": dict(screen.provenance),
    }


def choices(store: Store, table: Table, dropped: Counter[str]) -> Iterator[dict[str, Any]]:
    """Which icon means or does something: a few pictures, one answer."""
    for lang in LANGS:
        known = [
            (icon, said, picture)
            for icon in table.icons
            if licensed(icon)
            and (said := taught(icon, lang))
            and (picture := portrait(icon)) is not None
        ]
        by_theme: dict[str, list[tuple[Icon, list[Meaning], Picture]]] = {}
        for one in known:
            by_theme.setdefault(style(one[0]), []).append(one)
        for icon, said, picture in known:
            rng = random.Random(f"{icon.id}/{lang}")  # noqa: S311 - a choice of examples
            others = _others(icon, by_theme[style(icon)], rng)
            if len(others) < CANDIDATES - 1:
                dropped["choice: too few others that cannot be meant"] += 1
                continue
            place = rng.randrange(CANDIDATES)
            offered = [_picture(store, p) | {"icon": i.id} for i, _, p in others]
            offered.insert(place, _picture(store, picture) | {"icon": icon.id})
            does = max(icon.functions, key=lambda f: (icon.functions[f], f), default=None)
            yield {
                "id": f"{icon.id}-which-{lang}",
                "kind": "icon_choice",
                "lang": lang,
                "meaning": said[0].text,
                "function": None if does is None else does[lang == "zh"],
                "pictures": offered,
                "answer": place,
                **origin(icon),
            }


def style(icon: Icon) -> str:
    """Icons of one style are offered together, so that style tells nothing."""
    if icon.origins:
        return f"{icon.origins[0].theme}/{icon.symbolic}"
    return "screen"


def _others(
    icon: Icon, known: Sequence[tuple[Icon, list[Meaning], Picture]], rng: random.Random
) -> list[tuple[Icon, list[Meaning], Picture]]:
    """Icons that nobody could take for the one that is asked about."""
    found: list[tuple[Icon, list[Meaning], Picture]] = []
    for _ in range(TRIES):
        other = known[rng.randrange(len(known))]
        taken = [icon, *(i for i, _, _ in found)]
        if any(other[0] is one or confusable(one, other[0]) for one in taken):
            continue
        found.append(other)
        if len(found) == CANDIDATES - 1:
            break
    return found


def _picture(store: Store, picture: Picture) -> dict[str, Any]:
    """A picture as it is asked about: on a plain ground."""
    sha256 = store.put_opaque(picture.sha256)
    return {"sha256": sha256, "width": picture.width, "height": picture.height}


def origin(icon: Icon) -> dict[str, Any]:
    """Where an icon's picture came from: its file with its licence, or its first sighting."""
    if icon.origins:
        first = icon.origins[0]
        return {
            "origin": {"package": first.package, "version": first.version, "file": first.file},
            "licence": first.licence,
        }
    place = icon.seen[0] if icon.seen else {}
    return {"origin": {"episode_id": place.get("episode_id")}, "licence": None}
