"""Writing the mixture: jobs of one shard each, side by side, then what is made of all of them.

A build that was killed, or for which the disk was full, leaves its shards beside the old corpus.
The next build of the same samples in the same order takes up those whose receipts hold, byte for
byte, and removes the rest.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from corpus import ledger
from corpus.order import Order
from corpus.recipe import Recipe, digest
from corpus.shards import job as jobs
from corpus.shards import merge
from corpus.shards.chat import MESSAGES
from corpus.shards.energon import Index
from corpus.shards.file import Written
from corpus.shards.job import PARTS, PICK, Job
from corpus.shards.layout import layout, sizes
from corpus.store import Stock
from corpus.store.scan import makers_sha256
from infra.engine import Executor
from infra.files import publish, sha256_bytes
from infra.progress import Progress

BUILD: Final = f"{PARTS}/build"


def open_place(root: Path, recipe: Recipe, stock: Stock, order: Order) -> None:
    """Have the directory that this mixture is written in, with what an earlier try left of it."""
    key = identity(recipe, stock, order).encode()
    if not (root / BUILD).is_file() or (root / BUILD).read_bytes() != key:
        shutil.rmtree(root, ignore_errors=True)
        (root / PARTS).mkdir(parents=True)
        publish(root / BUILD, key)


def identity(recipe: Recipe, stock: Stock, order: Order) -> str:
    """The hash of all that a mixture's bytes depend on."""
    scans = " ".join(inventory.root.name for inventory in stock.inventories)
    parts = (digest(recipe), makers_sha256(), scans)
    arrays = (order.rows, order.epochs, order.sequences)
    return sha256_bytes(b"\0".join([*(p.encode() for p in parts), *(a.tobytes() for a in arrays)]))


def shards(
    root: Path, recipe: Recipe, stock: Stock, order: Order, executor: Executor, progress: Progress
) -> list[Written]:
    """Every shard with what is made of all of them. Raises Corrupt, OSError, InfraLost."""
    every = list(_jobs(root, recipe, stock, order))
    done = {job.number: job for job in every if jobs.is_done(job)}
    _sweep(root, done.values())
    progress.expect(len(order))
    progress.say(
        f"writing {len(order)} samples" + (f", {len(done)} shards are there" if done else "")
    )
    progress.advance(sum(len(job.picks) for job in done.values()))
    for count in executor.map(jobs.write, (job for job in every if job.number not in done)):
        progress.advance(count)
    progress.say("joining")
    return _joined(root, every)


def _jobs(root: Path, recipe: Recipe, stock: Stock, order: Order) -> Iterator[Job]:
    records = tuple(str(inventory.root / "records") for inventory in stock.inventories)
    members, lines = (stock.column(name)[order.rows] for name in ("members", "line"))
    taken = sizes(members, lines, order.epochs, order.sequences)
    picks = np.zeros(len(order), dtype=PICK)
    picks["file"] = np.searchsorted(stock.starts, order.rows, side="right") - 1
    for name in ("at", "bytes", "crc"):
        picks[name] = stock.column(name)[order.rows]
    picks["epoch"], picks["sequence"] = order.epochs, order.sequences
    for number, span in enumerate(layout(taken, recipe.shard_bytes)):
        yield Job(str(root), number, records, picks[span.start : span.stop])


def _sweep(root: Path, done: Iterable[Job]) -> None:
    """Remove what no receipt names."""
    kept = {BUILD}
    for job in done:
        found = jobs.receipt(job)
        kept |= {file.path for file in (*found.written, *found.parts)} | {job.part("receipt")}
    for path in [path for path in root.rglob("*") if not path.is_dir()]:
        if path.relative_to(root).as_posix() not in kept:
            path.unlink()


def _joined(root: Path, every: Sequence[Job]) -> list[Written]:
    """Messages, ledger and index from the parts, which go."""
    index, written = Index(root), dict[str, Written]()
    try:
        for job in every:
            found = jobs.receipt(job)
            index.add(found.shard.written, found.shard.entries, found.shard.end)
            written |= {file.path: file for file in found.written}
        made = [
            *index.finish(),
            merge.joined(root, [job.part("messages") for job in every], MESSAGES),
            merge.ordered(root, [job.part("ledger") for job in every], ledger.NAME),
        ]
    finally:
        index.abandon()
    shutil.rmtree(root / PARTS)
    return [*written.values(), *made]
