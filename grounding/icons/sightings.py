"""Icons on the screens of recordings: where each was seen, what it was called, what pressing it did.

A sighting is a kept element that shows a picture and is named by something other than the text on
it. Only screens that may be grounded are looked at, each only once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from envs.recording.types import ObservationRef, Recording, Step
from envs.tree.audit import unaudited
from envs.types import Box, Pixels
from grounding import elements, screens, text
from grounding.elements import Harvest, harvest
from grounding.icons.effects import Told, told
from grounding.icons.meanings import Meaning, meaning, unite
from grounding.scene import Node, Scene
from infra.blobs import Blobs

SIDES: Final = (10, 64)
"""Shortest and longest side in pixels of an icon's box."""
SLIMMEST: Final = 2.2
PRESSES: Final = frozenset(("click", "double_click", "tap"))
TIPS: Final = frozenset(("tooltip", "tool-tip"))
COLOUR: Final = frozenset("#0123456789abcdefABCDEF")
ICON_COLOURS: Final = 60
"""A picture of more colours than this is a photograph or a portrait."""
OVER: Final = 0.1
FLAT_COLOURS: Final = 3
"""A crop of fewer colours than this, edges apart, is a swatch."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One icon on one screen."""

    screen: int
    """The number of the observation in its recording."""
    element_id: str
    role: str
    app: str
    box: Box
    pixels: Pixels = field(repr=False)
    meanings: tuple[Meaning, ...]
    function: Told | None


@dataclass(slots=True)
class Looked:
    """One screen with its icons, and what else on it bears which name."""

    ref: ObservationRef
    scene: Scene
    fresh: bool
    """Whether no screen like it was kept before."""
    icons: list[Sighting] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    """How many kept elements of the screen have each name, in lower case."""


def language(said: str, locale: str) -> str:
    """The language of a name: its script where that decides, else the machine's locale."""
    found = text.language(said)
    if found == "und" and locale:
        return locale
    return found if not locale.lower().startswith(found) else locale


def looked(
    recording: Recording, blobs: Blobs, seen: screens.Seen, dropped: Counter[str]
) -> Iterator[Looked]:
    """The screens of a recording with their icons. Raises Corrupt, NotFound for a lost blob."""
    observed = recording.observations()
    doubtful = unaudited([ref.tree for ref in observed])
    steps = {step.before.number: step for step in recording.steps}
    locale = str(recording.header.env.extra.get("locale", ""))
    scene = Scene(observed[0].load(blobs)) if observed else None
    for place, ref in enumerate(observed):
        assert scene is not None
        following = Scene(observed[place + 1].load(blobs)) if place + 1 < len(observed) else None
        step = steps.get(ref.number)
        reason = screens.why_not_screen(ref, doubtful=place in doubtful)
        if screens.shows_an_error_page(scene.observation):
            reason = "error_page"
        new = reason is None and seen.is_new(recording.header.env.platform, scene.observation)
        if reason is not None:
            dropped[f"screen {reason}"] += 1
        elif new or step is not None:
            shown = Looked(ref, scene, fresh=new)
            _look(shown, (step, following), locale, dropped)
            yield shown
        scene = following


def _look(
    shown: Looked,
    then: tuple[Step | None, Scene | None],
    locale: str,
    dropped: Counter[str],
) -> None:
    """Add the screen's icons and names; `then` is the step that followed and what it led to."""
    scene = shown.scene
    found = harvest(scene)
    shown.names.update(node.name.casefold() for node in found.kept if node.name)
    for node in found.kept:
        if elements.data_type(node) != "icon":
            continue
        reason = why_not(node, scene) or (
            "covered by a text" if _under(node, found, scene) else None
        )
        if reason:
            dropped[f"sighting {reason}"] += 1
            continue
        step, after = then
        pressed = step is not None and _is(step.element_id, node, found)
        said = (*_said(node, locale), *(_tip(scene, after, step, locale) if pressed else ()))
        if not said:
            dropped["sighting without a name"] += 1
            continue
        function = _function(scene, after, step, node) if pressed else None
        box = node.box
        pixels = scene.pixels[box.top : box.bottom, box.left : box.right]
        shown.icons.append(
            Sighting(
                shown.ref.number,
                node.id,
                node.element.role,
                text.clean(node.element.app),
                box,
                pixels,
                unite(said),
                function,
            )
        )


def _is(element_id: str | None, node: Node, found: Harvest) -> bool:
    """Whether a step went to a node or to one it stands for."""
    return element_id is not None and found.twins.get(element_id, element_id) == node.id


def why_not(node: Node, scene: Scene) -> str | None:
    """The reason a picture on the screen is no icon; None where it is one."""
    short, long = sorted((node.box.width, node.box.height))
    if node.ratio < 1:
        return "partly hidden"
    if short < SIDES[0] or long > SIDES[1]:
        return "too small or too large"
    if long > SLIMMEST * short:
        return "too long"
    if node.kind == "image" and (
        (not node.interactable and long > SIDES[1] // 2) or _colours(node, scene) > ICON_COLOURS
    ):
        return "a picture rather than an icon"
    if node.name.startswith("#") and set(node.name) <= COLOUR:
        return "a colour"
    return "a swatch" if _is_swatch(node, scene) else None


def _colours(node: Node, scene: Scene) -> int:
    """How many colours it has, of sixteen shades a channel."""
    box = node.box
    region = scene.pixels[box.top : box.bottom, box.left : box.right].reshape(-1, 3) // 16
    return len(np.unique(region, axis=0))


def _under(node: Node, found: Harvest, scene: Scene) -> bool:
    """Whether a text that is no part of it reaches over it, as a page's own tooltips do."""
    near = [
        other
        for other in (*found.kept, *found.seen)
        if other.kind == "text" and OVER * node.box.area < other.box.intersection(node.box).area
    ]
    if not near:
        return False
    own = {
        node.id,
        *(n.id for n in node.above),
        *(n.id for n in scene.descendants(node.id)),
    }
    return any(other.id not in own for other in near)


def _is_swatch(node: Node, scene: Scene) -> bool:
    """Whether the middle of a box is one flat colour."""
    box = node.box
    x, y = max(1, box.width // 4), max(1, box.height // 4)
    middle = scene.pixels[box.top + y : box.bottom - y, box.left + x : box.right - x]
    flat = middle.reshape(-1, 3)
    return not flat.size or int((flat.max(axis=0) - flat.min(axis=0)).max()) <= FLAT_COLOURS


def _said(node: Node, locale: str) -> Iterator[Meaning]:
    """The element's own name and description."""
    source = node.element.name_source or "a11y"
    if node.name and source not in elements.WRITTEN:
        one = meaning(node.name, language(node.name, locale), source)
        if one is not None:
            yield one
    described = text.clean(node.element.description)
    one = meaning(described, language(described, locale), "description") if described else None
    if one is not None:
        yield one


def _tip(before: Scene, after: Scene | None, step: Step | None, locale: str) -> Iterator[Meaning]:
    """The tooltip that a pointer brought by resting on the element."""
    if after is None or step is None or step.action.name != "move_to":
        return
    had = set(_tips(before))
    for said in _tips(after):
        one = meaning(said, language(said, locale), "tooltip")
        if said not in had and one is not None:
            yield one


def _tips(scene: Scene) -> Iterator[str]:
    for node in scene.nodes.values():
        if node.element.role in TIPS and node.shows:
            inside = [below.name for below in scene.descendants(node.id) if below.name]
            yield node.name or " ".join(inside)


def _function(scene: Scene, after: Scene | None, step: Step | None, node: Node) -> Told | None:
    """What pressing it did, where it was pressed and something came of it."""
    if after is None or step is None or step.action.name not in PRESSES:
        return None
    plain: dict[str, Any] = dict(step.action.as_record().get("args", {}))
    if plain.get("button", "left") not in {"left", None}:
        return None
    if step.result.outcome != "applied" or not step.effect.did_anything or not step.after.stable:
        return None
    return told(scene, after, node.element)
