"""From a recipe to a mixture on disk: gather, solve, select, pack, interleave, write.

A build is a pure function of its inputs and the recipe: equal inputs give equal bytes, whatever the
number of workers. It happens beside the old corpus and takes its place by rename, so that a killed
build leaves the old one, or none, never a half.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus import ledger, room, stats, tokens, write
from corpus.categories import load as load_category
from corpus.categories.agent.samples import OWN
from corpus.categories.base import Context
from corpus.categories.text.records import STATED, statement
from corpus.describe import files as describe
from corpus.funnel import Funnel
from corpus.order import Order, arrange
from corpus.plan import Plan, solve
from corpus.recipe import Recipe, built_of, digest
from corpus.shards import manifest
from corpus.shards.file import Written
from corpus.shelf import Shelf
from corpus.store import Stock, scan
from corpus.store.stock import cells
from corpus.traits import is_of
from infra import disk
from infra.engine import Executor, InProcess, LocalExecutor
from infra.engine.alone import on_ray
from infra.errors import Conflict, NotFound
from infra.files import exclusive, publish, replace_dir, sha256_bytes
from infra.progress import Progress


@dataclass(frozen=True, slots=True)
class Places:
    """Where inputs are and the corpus goes, and how many processes may work."""

    home: Path
    cache: Path
    workers: int
    disk_floor_bytes: int
    executor_name: str = "local"

    def executor(self) -> AbstractContextManager[Executor]:
        """Who writes shards: this process, processes of this host, or a cluster of Ray."""
        if self.executor_name == "ray":
            return on_ray(self.workers)
        return InProcess() if self.workers == 1 else LocalExecutor(self.workers)

    def corpus(self, name: str) -> Path:
        """The directory of the corpus of that name."""
        return self.home / "corpora" / name


@dataclass(frozen=True, slots=True)
class Built:
    """A finished corpus."""

    root: Path
    sha256: str
    stats: dict[str, Any]


def gather(recipe: Recipe, places: Places, progress: Progress) -> Stock:
    """Every category's inventory. Raises NotFound for a source that is not there."""
    inventories, funnels = [], []
    for name in recipe.categories:
        context = Context(
            home=places.home,
            cache=places.cache,
            shelf=Shelf(places.cache / "shelf"),
            sources={n: s for n, s in recipe.read.items() if s.category == name},
            operators=recipe.categories[name].operators,
            tokenizer=tokens.text_identity(recipe.tokenizer),
            text=tokens.text_counter(recipe.tokenizer),
            tower=tokens.tower(recipe.vision),
            context_tokens=recipe.context_tokens,
            workers=places.workers,
            funnel=Funnel(name),
            progress=progress,
        )
        inventories.append(scan(name, load_category(name), context))
        funnels.append(Funnel.restored(inventories[-1].funnel.record()))
    return Stock(tuple(inventories), tuple(funnels))


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is known of a corpus before its first byte is written."""

    stock: Stock
    plan: Plan
    order: Order
    need_bytes: int


def prepare(recipe: Recipe, places: Places, progress: Progress) -> Prepared:
    """Gather, solve, select, pack and interleave.

    Raises Conflict where promises clash or nothing is left to mix.
    """
    stock = gather(recipe, places, progress)
    groups = cells(recipe, stock)
    if not any(cell.tokens for cell, _ in groups):
        raise _nothing(recipe, stock)
    planned = solve(recipe, [cell for cell, _ in groups])
    progress.say("selecting and packing")
    order = arrange(recipe, stock, groups, planned.given)
    return Prepared(stock, planned, order, room.needed(stock, order))


def _nothing(recipe: Recipe, stock: Stock) -> Conflict:
    """Why there is nothing to mix, and where to look."""
    if len(stock.tokens):
        keys = [key for key in ("only", "without", "licences", "scores") if getattr(recipe, key)]
        there = sorted({profile.trait("licence") for profile in stock.profiles})
        offer = f"; the licences there are: {', '.join(there)}" if "licences" in keys else ""
        message = f"the recipe takes none of the {len(stock.tokens)} samples of its sources"
        return Conflict(message, f"widen {', '.join(keys)}{offer}", recipe.name)
    drops = [row for funnel in stock.funnels for row in funnel.rows()]
    if not drops:
        offer = "nothing was read: see `package`, `below` and `url` of the sources"
    else:
        most = max(drops, key=lambda row: row["count"])
        offer = f"most went for: {most['reason']} ({most['count']}, as {most['examples'][0]})"
    return Conflict("the recipe's sources hold no sample", offer, recipe.name)


def build(recipe: Recipe, places: Places, progress: Progress) -> Built:
    """Write the corpus and put it in its place. Raises Unavailable where there is no room."""
    corpora = places.home / "corpora"
    disk.make_dir(corpora)
    with exclusive(corpora / f".{recipe.name}.lock", f"corpus {recipe.name}"):
        made = prepare(recipe, places, progress)
        room.check(made.need_bytes, corpora, places.disk_floor_bytes)
        temporary = corpora / f".{recipe.name}.tmp"
        write.open_place(temporary, recipe, made.stock, made.order)
        record, sha256 = _write(temporary, recipe, made, places, progress)
        disk.sync_tree(temporary)
        replace_dir(places.corpus(recipe.name), temporary)
    return Built(places.corpus(recipe.name), sha256, record)


def drop(places: Places, name: str, trait: str, value: str, progress: Progress) -> Built:
    """Build a corpus again from its own recipe without what is of that trait.

    Raises NotFound where there is no such corpus or nothing in it is of that trait.
    """
    root = places.corpus(name)
    own = recipe_of(root)
    held = stats.read(root).get(f"by_{trait}")
    if held is not None and not any(is_of(one, value) for one in held):
        raise NotFound.among(trait, value, held)
    if trait == "id":
        value = ledger.why(root, value)["id"]
    return build(own.leaving_out(trait, value), places, progress)


def recipe_of(root: Path) -> Recipe:
    """The recipe that a corpus was built of. Raises NotFound, Corrupt."""
    return built_of(manifest.content(root, "recipe.json"))


def _write(
    root: Path, recipe: Recipe, made: Prepared, places: Places, progress: Progress
) -> tuple[dict[str, Any], str]:
    """Every file of the corpus under `root`, the manifest last."""
    record = stats.composition(made.stock, made.order, made.plan, recipe.context_tokens)
    with places.executor() as executor:
        written = write.shards(root, recipe, made.stock, made.order, executor, progress)
    written.append(_file(root, stats.NAME, _json(record)))
    written.append(_file(root, "recipe.json", recipe.model_dump_json(indent=1).encode() + b"\n"))
    written += _licences(root, made.stock, made.order, places)
    written += describe.write(root, recipe.name, record, written)
    about = {"name": recipe.name, "recipe_sha256": digest(recipe), "samples": len(made.order)}
    return record, manifest.write(root, written, about)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _file(root: Path, name: str, data: bytes) -> Written:
    publish(root / name, data)
    return Written(name, len(data), sha256_bytes(data))


def _licences(root: Path, stock: Stock, order: Order, places: Places) -> list[Written]:
    """The text behind every licence the ledger names."""
    shelf = Shelf(places.cache / "shelf")
    texts = {}
    kept = places.home / "samples" / "icons" / "licences"  # of packages that no shelf holds
    used = [stock.profiles[number] for number in np.unique(stock.profile[order.rows])]
    for package, sha256 in sorted(
        {(p.package, p.text_sha256) for p in used if p.form not in {"own", STATED}}
    ):
        path = kept / f"{sha256}.txt"
        text = path.read_bytes() if path.is_file() else shelf.find(package).copyright_text
        texts[sha256_bytes(text)] = text
    for profile in used:
        if profile.form == STATED:
            label = profile.trait("licence")
            text = statement(None if label.startswith(STATED) else label).encode()
            texts[profile.text_sha256] = text
    if any(profile.form == "own" for profile in used):
        texts[sha256_bytes(OWN.encode())] = OWN.encode()
    return [_file(root, f"licences/{sha256}.txt", text) for sha256, text in sorted(texts.items())]
