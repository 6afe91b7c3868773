"""Boxes of pages against Chromium's own accessibility tree and layout, on our own sites.

Nothing of ours takes part in what it is compared with: names are Chromium's, quads its layout's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from collector.episode.observing import Pace, observe, settle
from collector.explore import deny
from envs.actions import Click
from envs.types import Box
from envs.web import WebEnv, WebSettings
from envs.web.accessible import Spoken
from envs.web.sites import catalogue
from grounding.elements import harvest
from grounding.precision import rule, shares
from grounding.precision.lots import program_of
from grounding.scene import Node, Scene
from infra.clock import Clock, SystemClock
from infra.ids import Ids, RandomIds
from infra.progress import Progress

NEAR_PX: Final = 2.0
"""Edges are rounded to whole pixels on both sides."""
FRAMES: Final = frozenset({"iframe", "frame"})


@dataclass(frozen=True, slots=True)
class Compared:
    """An element of a page, and whether Chromium has something of its name exactly there."""

    page: str
    role: str
    name: str
    box: Box
    reason: str
    """The gate that dropped it, empty where it was kept."""
    agrees: bool
    says: str
    """Where Chromium has what bears its name, the nearest first."""


def compared(
    looks: int, chance: random.Random, progress: Progress, clock: Clock | None = None
) -> Iterator[Compared]:
    """All named elements of so many pages, evenly over our sites. Raises Unavailable."""
    clock, ids = clock or SystemClock(), RandomIds()
    sites = catalogue.names()
    for place, site in enumerate(sites):
        count = looks * (place + 1) // len(sites) - looks * place // len(sites)
        if not count:
            continue
        progress.say(f"comparing pages of {site}")
        env = WebEnv(WebSettings(start=site, seed=chance.randrange(1000)))
        try:
            for _ in range(count):
                yield from _page(env, clock, ids, chance)
                progress.advance()
        finally:
            env.close()


def _page(env: WebEnv, clock: Clock, ids: Ids, chance: random.Random) -> Iterator[Compared]:
    """The elements of what shows now; then one of them is clicked, to come to another page."""
    seen = observe(env, clock, Pace()).observation
    spoken = env.spoken()
    if not seen.stable or not seen.tree.agrees_with(env.tree()):
        return
    scene = Scene(seen)
    found = harvest(scene)
    for node in scene.nodes.values():
        if rule.plain(node.name) and node.box.area and not _in_frame(node, scene):
            yield _judged(node, spoken, found.reasons.get(node.id, ""))
    ways = [node for node in found.kept if node.interactable and _may(node, scene)]
    if ways:
        node = chance.choice(ways)
        env.act(Click(*node.box.centre), ids.uuid(), 1)
        settle(env, seen.screen, clock, Pace())


def _judged(node: Node, spoken: Sequence[Spoken], reason: str) -> Compared:
    name = rule.plain(node.name)
    named = [one for one in spoken if _is_called(one, name)]
    is_cut = "clipped" in node.element.states
    agrees = any(_lies(node.element.box or node.box, one.box, is_cut=is_cut) for one in named)
    says = "; ".join(f"{one.role} {[round(v) for v in one.box]}" for one in named[:3])
    box = node.element.box or node.box
    return Compared(program_of(node), node.element.role, node.name, box, reason, agrees, says)


def _is_called(one: Spoken, name: str) -> bool:
    """Whether names are the same as far as ours goes, which is cut."""
    said = rule.plain(one.name)
    return said == name or (len(name) > 150 and said.startswith(name))


def _lies(box: Box, other: tuple[float, float, float, float], *, is_cut: bool) -> bool:
    """Whether a box is that one, or a part of it where something cuts it."""
    ours = box.as_list()
    if is_cut:
        return all(
            ours[i] >= other[i] - NEAR_PX and ours[i + 2] <= other[i + 2] + NEAR_PX for i in (0, 1)
        )
    return all(abs(mine - theirs) <= NEAR_PX for mine, theirs in zip(ours, other, strict=True))


def _may(node: Node, scene: Scene) -> bool:
    return not deny.verdict(Click(*node.box.centre), node.id, scene, isolated=True)


def _in_frame(node: Node, scene: Scene) -> bool:
    return any(above.element.role in FRAMES for above in scene.ancestors(node.id))


def as_record(found: Sequence[Compared], pages: int) -> dict[str, Any]:
    """The figures as the report has them."""
    kept = [one for one in found if not one.reason]
    dropped = [one for one in found if one.reason]
    after, stopped = _share(kept), _share(dropped)
    return {
        "before": _share(found),
        "after": after,
        "dropped": stopped,
        "pages": pages,
        "disagreements": [
            {"page": o.page, "role": o.role, "name": o.name, "box": o.box.as_list(), "says": o.says}
            for o in kept
            if not o.agrees
        ],
    }


def _share(found: Sequence[Compared]) -> dict[str, Any]:
    agreed = sum(one.agrees for one in found)
    return {"count": len(found), "agreed": agreed, "share": shares.share(agreed, len(found))}
