"""Packing: how full sequences are, and how fast, against concatenating in the order of ranks.

The lengths are those of a built corpus where there is one, each of its samples a few times over in
an order of its own, else drawn. `bound` is what no packer passes: whole sequences hold the tokens.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

from corpus import pack as packing
from corpus.ledger import NAME
from corpus.select import Take
from infra import settings
from infra.progress import Progress
from tests.bench.machines import CLOCK
from tests.bench.report import Report

CONTEXT: Final = 8192
PASSES: Final = 20
TIMES: Final = 5


def run(progress: Progress) -> Report:
    """Pack the same samples a few times; the fastest counts, since others use the machine too."""
    lengths, what = _lengths()
    takes = [Take(row, 0, n) for row, n in enumerate(lengths)]
    took = []
    for number in range(TIMES):
        progress.say(f"pass {number + 1} of {TIMES}")
        start = CLOCK.monotonic_s()
        sequences = sum(1 for _ in packing.pack("text", takes, CONTEXT))
        took.append(CLOCK.monotonic_s() - start)
    tokens = sum(lengths)
    theirs = sum(1 for _ in _concatenated(lengths))
    figures: dict[str, Any] = {
        "samples": len(lengths),
        "fill": round(tokens / sequences / CONTEXT, 5),
        "bound": round(tokens / CONTEXT / math.ceil(tokens / CONTEXT), 5),
        "greedy_fill": round(tokens / theirs / CONTEXT, 5),
        "samples_per_s": round(len(lengths) / min(took)),
    }
    return Report("pack", figures, "greedy: the next sample or the next sequence",
                  round(theirs / sequences, 4), (what,))  # fmt: skip


def _lengths() -> tuple[Sequence[int], str]:
    draw = random.Random(1)
    ledgers = sorted((settings.load().home / "corpora").glob(f"*/{NAME}"))
    if not ledgers:
        drawn = (draw.lognormvariate(6.3, 1.1) for _ in range(200_000))
        return [min(CONTEXT, max(8, int(n))) for n in drawn], "lengths drawn: no corpus is built"
    rows = [json.loads(line) for line in ledgers[0].read_text(encoding="utf-8").splitlines()]
    lengths = [row["text_tokens"] + row["image_tokens"] for row in rows] * PASSES
    draw.shuffle(lengths)
    return lengths, f"lengths of {ledgers[0].parent.name}, {PASSES} times"


def _concatenated(lengths: Sequence[int]) -> Iterator[int]:
    """The sizes of sequences that are closed by the first sample that does not fit."""
    room = CONTEXT
    for length in lengths:
        if length > room:
            yield CONTEXT - room
            room = CONTEXT
        room -= length
    yield CONTEXT - room
