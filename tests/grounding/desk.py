"""A hand-made desktop: elements in a few words, painted so that boxes hold pixels."""

from __future__ import annotations

import random

import numpy as np

from envs.types import Box, Element, Observation, Screen, Tree

WIDTH, HEIGHT = 640, 400
SHOWN = frozenset({"showing", "visible", "enabled", "sensitive"})


def element(
    key: str, role: str, box: tuple[int, int, int, int] | None, name: str = "", **more: object
) -> Element:
    fields: dict[str, object] = {
        "parent": "win",
        "name_source": "a11y" if name else "",
        "states": SHOWN,
        "app": "editor",
    }
    fields.update(more)
    return Element(
        id=key,
        role=role,
        box=None if box is None else Box(*box),
        name=name,
        **fields,  # type: ignore[arg-type]
    )


def window(
    key: str = "win",
    title: str = "Editor",
    box: tuple[int, int, int, int] = (20, 20, 420, 380),
    *,
    active: bool = True,
    role: str = "frame",
    **more: object,
) -> Element:
    states = SHOWN | {"active", "resizable"} if active else SHOWN | {"resizable"}
    return element(key, role, box, title, parent=None, states=states, **more)


def observation(
    *elements: Element, source: str = "atspi-mirror", stable: bool = True, audited: bool = True
) -> Observation:
    noise = random.Random(7)
    pixels = np.full((HEIGHT, WIDTH, 3), 230, np.uint8)
    for one in elements:
        if one.box is not None:
            left, top = max(0, one.box.left), max(0, one.box.top)
            if "blank" in one.description:
                pixels[top : one.box.bottom, left : one.box.right] = 230
                continue
            pixels[top : one.box.bottom : 3, left : one.box.right : 3] = noise.randrange(200)
    tree = Tree(tuple(elements), source, 1_000, 2_000, audited)
    return Observation(Screen(pixels, 3_000), tree, stable)
