"""Gopher's and C4's filters, from texts to verdicts, against datatrove on one core, in turn.

`datatrove` is as it comes, with spaCy's words; `same_words` is datatrove with our splitter, whose
verdicts ours are compared with. Medians of the processor's time count.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from corpus.operators.quality import c4, gopher, repetition
from corpus.operators.quality.words import tokens_of
from infra.progress import Progress
from tests.bench import texts as shelf_texts
from tests.bench.report import Report
from tests.peers import ask

TEXTS: Final = 400
ROUNDS: Final = 3
REPEATS: Final = 5
BATCH: Final = 16
FILTERS: Final = ("gopher", "repetition", "c4")


def run(progress: Progress) -> Report:
    """Each system a few times in turn on the same file."""
    texts, note = shelf_texts.english(TEXTS)
    took: dict[str, list[float]] = {"ours": [], "own": [], "same_words": []}
    said: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as root:
        path = Path(root) / "texts.jsonl"
        path.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
        for number in range(ROUNDS):
            progress.say(f"round {number + 1} of {ROUNDS}")
            seconds, said["ours"] = _ours(texts)
            took["ours"].append(seconds)
            for splitter in ("own", "same_words"):
                answer = ask("filters", path=str(path), splitter=splitter)
                took[splitter].append(answer["seconds"])
                said[splitter] = answer["verdicts"]
    middle = {name: statistics.median(seconds) for name, seconds in took.items()}
    figures: dict[str, Any] = {"texts": len(texts)}
    figures |= {f"{name}_texts_per_s": round(len(texts) / s) for name, s in middle.items()}
    for name in ("own", "same_words"):
        for number, of in enumerate(FILTERS):
            pairs = zip(said["ours"], said[name], strict=True)
            figures[f"{name}_{of}_differ"] = sum(
                bool(a[number]) != bool(b[number]) for a, b in pairs
            )
    figures["over_same_words"] = round(middle["same_words"] / middle["ours"], 2)
    ratio = round(middle["own"] / middle["ours"], 2)
    return Report("filters", figures, "datatrove as it comes", ratio, (note,))


def _ours(texts: Sequence[str]) -> tuple[float, list[list[str]]]:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        seconds = []
        for _ in range(REPEATS):
            start = time.process_time()
            said = [
                row for n in range(0, len(texts), BATCH) for row in _verdicts(texts[n : n + BATCH])
            ]
            seconds.append(time.process_time() - start)
        return statistics.median(seconds), said
    finally:
        os.sched_setaffinity(0, cores)


def _verdicts(texts: Sequence[str]) -> list[list[str]]:
    return [
        [gopher.fault(text, found), repetition.fault(text, found), c4.kept_lines(text)[1]]
        for text, found in zip(texts, tokens_of(texts), strict=True)
    ]
