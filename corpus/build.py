"""From a recipe to a mixture on disk: gather, solve, select, pack, interleave, write.

A build is a pure function of its inputs and the recipe: equal inputs give equal bytes, whatever the
number of workers. It happens beside the old corpus and takes its place by rename, so that a killed
build leaves the old one, or none, never a half.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from corpus import ledger, stats, tokens
from corpus.categories import load as load_category
from corpus.categories.agent.samples import OWN
from corpus.categories.base import Context, run
from corpus.funnel import Funnel
from corpus.interleave import interleave
from corpus.pack import Sequence, pack
from corpus.plan import Plan, solve
from corpus.recipe import Recipe, digest
from corpus.sample import Sample
from corpus.select import Pick, select
from corpus.shards import manifest
from corpus.shards.writer import Place, Writer, Written
from corpus.shelf import Shelf
from corpus.solver.cells import Cell, cells
from infra import disk
from infra.errors import Unavailable
from infra.files import commit_point, exclusive, fsync_dir, publish, sha256_bytes
from infra.progress import Progress

LINE_BYTES: Final = 1200
SPARE: Final = 1.1


@dataclass(frozen=True, slots=True)
class Places:
    """Where inputs are and the corpus goes, and how many processes may work."""

    home: Path
    cache: Path
    workers: int
    disk_floor_bytes: int

    def corpus(self, name: str) -> Path:
        """The directory of the corpus of that name."""
        return self.home / "corpora" / name


@dataclass(frozen=True, slots=True)
class Gathered:
    """All samples of a recipe's categories, and what was dropped on the way."""

    samples: Mapping[str, list[Sample]]
    cells: list[tuple[Cell, list[Sample]]]
    """The samples again, in the groups that are solved for."""
    funnels: tuple[Funnel, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished corpus."""

    root: Path
    sha256: str
    stats: dict[str, Any]


def gather(recipe: Recipe, places: Places, progress: Progress) -> Gathered:
    """Run every category over its sources. Raises NotFound for a source that is not there."""
    by_source: dict[str, list[Sample]] = {name: [] for name in recipe.sources}
    funnels = []
    for name in recipe.categories:
        funnel = Funnel(name)
        context = Context(
            home=places.home,
            cache=places.cache,
            shelf=Shelf(places.cache / "shelf"),
            sources={n: s for n, s in recipe.sources.items() if s.category == name},
            text=tokens.text_counter(recipe.tokenizer),
            tower=tokens.tower(recipe.vision),
            context_tokens=recipe.context_tokens,
            workers=places.workers,
            funnel=funnel,
            progress=progress,
        )
        for sample in allowed(run(load_category(name), context), recipe, funnel):
            by_source[sample.source].append(sample)
        funnels.append(funnel)
    return Gathered(by_source, cells(recipe, by_source), tuple(funnels))


def allowed(samples: Iterable[Sample], recipe: Recipe, funnel: Funnel) -> Iterator[Sample]:
    """The samples of a licence on the recipe's list, where it has one; what is not is counted."""
    for sample in samples:
        label = sample.origin.licence.label
        if recipe.licences is None or label in recipe.licences:
            yield sample
        else:
            funnel.drop(sample.source, "licences", f"not on the list: {label}", sample.id)


def plan(recipe: Recipe, gathered: Gathered) -> Plan:
    """The solver's answer for what was gathered. Raises Conflict where promises clash."""
    return solve(recipe, [cell for cell, _ in gathered.cells])


def build(recipe: Recipe, places: Places, progress: Progress) -> Built:
    """Write the corpus and put it in its place. Raises Unavailable where there is no room."""
    corpora = places.home / "corpora"
    disk.make_dir(corpora)
    with exclusive(corpora / f".{recipe.name}.lock", f"corpus {recipe.name}"):
        gathered = gather(recipe, places, progress)
        planned = plan(recipe, gathered)
        packed = arrange(recipe, gathered, planned)
        _check_room(packed, places)
        temporary = corpora / f".{recipe.name}.tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        try:
            progress.say(f"writing {sum(len(s.picks) for s in packed)} samples")
            record, sha256 = _write(temporary, recipe, gathered, planned, packed, places, progress)
            disk.sync_tree(temporary)
            _replace(places.corpus(recipe.name), temporary)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return Built(places.corpus(recipe.name), sha256, record)


def arrange(recipe: Recipe, gathered: Gathered, planned: Plan) -> list[Sequence]:
    """The sequences of the mixture in their order."""
    chosen: dict[str, dict[str, list[Pick]]] = {category: {} for category in recipe.categories}
    solved = zip(gathered.cells, planned.given, strict=True)
    for number, ((cell, members), given) in enumerate(solved):
        name = f"{cell.source}/{number}"
        chosen[cell.category][name] = select(members, given, recipe.seed)
    packed = {
        category: list(pack(category, interleave(groups), recipe.context_tokens))
        for category, groups in chosen.items()
    }
    return list(interleave(packed))


def _check_room(packed: list[Sequence], places: Places) -> None:
    """Refuse before the first byte where the file system has too little room."""
    samples = [pick.sample for sequence in packed for pick in sequence.picks]
    text = sum(len(t.content.encode("utf-8", "replace")) for s in samples for t in s.messages)
    pictures = [picture for sample in samples for picture in sample.pictures]
    sizes = {p.sha256: p.path.stat().st_size for p in pictures if p.path.exists()}
    in_shards = sum(sizes.get(picture.sha256, 0) for picture in pictures)
    need = int((in_shards + sum(sizes.values()) + 2 * text + 4 * LINE_BYTES * len(samples)) * SPARE)
    free = shutil.disk_usage(places.home / "corpora").free - places.disk_floor_bytes
    if free < need:
        raise Unavailable(
            f"the corpus needs {need >> 20} MiB and {max(0, free) >> 20} MiB are free above the floor",
            "make room, lower budget_tokens, or set TRAWL_HOME",
        )


def _write(
    root: Path, recipe: Recipe, gathered: Gathered, planned: Plan,
    packed: list[Sequence], places: Places, progress: Progress,
) -> tuple[dict[str, Any], str]:  # fmt: skip
    """Every file of the corpus under `root`, the manifest last."""
    picks = [pick for sequence in packed for pick in sequence.picks]
    record = stats.composition(picks, packed, planned, gathered.funnels, recipe.context_tokens)
    entries = []
    with Writer(root, recipe.shard_bytes) as writer:
        for number, sequence in enumerate(packed):
            for pick in sequence.picks:
                place: Place = writer.add(pick, number)
                entries.append(ledger.entry(pick, number, place))
                progress.advance()
        written = writer.finish()
    written.append(_file(root, ledger.NAME, ledger.encode(entries)))
    written.append(_file(root, stats.NAME, _json(record)))
    written.append(_file(root, "recipe.json", recipe.model_dump_json(indent=1).encode() + b"\n"))
    written += _licences(root, picks, places)
    about = {"name": recipe.name, "recipe_sha256": digest(recipe), "samples": len(picks)}
    return record, manifest.write(root, written, about)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _file(root: Path, name: str, data: bytes) -> Written:
    publish(root / name, data)
    return Written(name, len(data), sha256_bytes(data))


def _licences(root: Path, picks: list[Pick], places: Places) -> list[Written]:
    """The text behind every licence the ledger names."""
    shelf = Shelf(places.cache / "shelf")
    texts = {}
    kept = places.home / "samples" / "icons" / "licences"  # of packages that no shelf holds
    for package, sha256 in sorted(
        {
            (p.sample.origin.package, p.sample.origin.licence.text_sha256)
            for p in picks
            if p.sample.origin.licence.form != "own"
        }
    ):
        path = kept / f"{sha256}.txt"
        text = path.read_bytes() if path.is_file() else shelf.find(package).copyright_text
        texts[sha256_bytes(text)] = text
    if any(pick.sample.origin.licence.form == "own" for pick in picks):
        texts[sha256_bytes(OWN.encode())] = OWN.encode()
    return [_file(root, f"licences/{sha256}.txt", text) for sha256, text in sorted(texts.items())]


def _replace(final: Path, temporary: Path) -> None:
    """Put the new corpus in the old one's place; a reader sees one or the other."""
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        disk.rename(final, old)
    try:
        commit_point()
        disk.rename(temporary, final)
    except BaseException:
        if old.exists() and not final.exists():
            old.rename(final)
        raise
    fsync_dir(final.parent)
    shutil.rmtree(old, ignore_errors=True)
