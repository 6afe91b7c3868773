"""Scanning: a category's sources are read once, and again only where they or this code changed.

A scan is named by a hash of everything that its samples depend on: the package's own code, the
sources as the recipe describes them, what they hold, tokenizer, tower and context. It is made aside
and takes its name by rename; two that make the same one do not mind each other.
"""

from __future__ import annotations

import json
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Final

from corpus.categories.base import Category, Context, stream
from corpus.store.inventory import Inventory, Writer
from infra import disk
from infra.code import code_sha256
from infra.errors import Conflict, TrawlError
from infra.files import sha256_bytes

WEIGHED: Final = {"weight", "max_epochs", "synthetic"}
"""What a recipe says of a source that its samples do not depend on."""
KEPT_S: Final = 30 * 86400.0
"""An inventory that no build wanted for so long is removed."""


def scan(name: str, category: Category, context: Context) -> Inventory:
    """The inventory of a category's sources, kept or made now.

    Raises NotFound for a source that is not there, Conflict for one that changed meanwhile.
    """
    root = context.cache / "corpus" / "inventories"
    key = _key(name, category, context)
    kept = _kept(root / f"{name}-{key}", context)
    return kept or _made(root / f"{name}-{key}", name, category, context)


def _kept(place: Path, context: Context) -> Inventory | None:
    """What an earlier scan left, where all of it is still there."""
    if not place.is_dir():
        return None
    try:
        inventory = Inventory(place)
    except (TrawlError, OSError, ValueError):
        context.progress.say(f"{place.name} was changed and is made again")
        return None
    if not inventory.is_whole():
        return None
    place.touch()
    return inventory


def _made(place: Path, name: str, category: Category, context: Context) -> Inventory:
    disk.make_dir(place.parent)
    aside = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    _forget(place.parent, aside.stat().st_mtime)
    try:
        with Writer(aside) as writer:
            for sample in stream(category, context):
                writer.add(sample)
            writer.finish(context.funnel)
        if place.name != f"{name}-{_key(name, category, context)}":
            raise Conflict(f"a source of {name} changed while it was read", "start again", name)
        shutil.rmtree(place, ignore_errors=True)
        disk.rename(aside, place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Inventory(place)


def _forget(root: Path, now_s: float) -> None:
    for place in root.iterdir():
        if now_s - place.stat().st_mtime > KEPT_S:
            shutil.rmtree(place, ignore_errors=True)


def _key(name: str, category: Category, context: Context) -> str:
    """The name of all that the scan's result depends on."""
    sources = {n: s.model_dump(exclude=WEIGHED) for n, s in context.sources.items()}
    parts = [
        name, makers_sha256(), sources, list(category.inputs(context)), context.tokenizer,
        context.operators.model_dump(),
        [context.tower.patch_px, context.tower.merge, context.tower.max_patches],
        context.context_tokens,
    ]  # fmt: skip
    return sha256_bytes(json.dumps(parts, sort_keys=True).encode())[:24]


@cache
def makers_sha256() -> str:
    """The hash of the code that makes samples, this package and all below it."""
    import corpus
    import envs
    import grounding
    import infra

    return code_sha256(corpus, grounding, envs, infra)
