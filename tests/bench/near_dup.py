"""Near duplicates of text: from texts to verdicts, against datatrove, datasketch and rensa.

All get the same texts, shingles of five words, 128 permutations and one core, in turn, a few times;
medians of the processor's time count. A tenth of the texts are copies that were changed, of which those count that are
still alike by the threshold; `others` were dropped beside them.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from corpus.operators.near import NearDuplicates, Text
from infra.progress import Progress
from tests.bench import texts as shelf_texts
from tests.bench.report import Report
from tests.corpus.operators.plain import jaccard
from tests.peers import ask

THRESHOLD: Final = 0.8
TEXTS: Final = 1500
ROUNDS: Final = 3
PEERS: Final = ("rensa", "datasketch", "datatrove")
REPEATS: Final = 4
"""Our work is repeated within a round, since it is over in a moment."""


def run(progress: Progress) -> Report:
    """Each system a few times in turn on the same file."""
    own, note = shelf_texts.english(TEXTS)
    texts, planted = _planted(own)
    took: dict[str, list[float]] = {name: [] for name in ("ours", *PEERS)}
    parts: dict[str, list[float]] = {name: [] for name in PEERS}
    dropped: dict[str, set[int]] = {}
    with tempfile.TemporaryDirectory() as root:
        path = Path(root) / "texts.jsonl"
        path.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
        for number in range(ROUNDS):
            progress.say(f"round {number + 1} of {ROUNDS}")
            seconds, dropped["ours"] = _ours(texts, Path(root))
            took["ours"].append(seconds)
            for name in PEERS:
                answer = ask("near_dup", system=name, path=str(path))
                took[name].append(answer["seconds"])
                parts[name].append(answer["part_seconds"])
                dropped[name] = set(answer["dropped"])
    figures, ratio = _figures(len(texts), took, parts, dropped, planted)
    return Report(
        "near_dup", figures, "the fastest of rensa, datasketch, datatrove", ratio, (note,)
    )


def _figures(
    count: int, took: dict[str, list[float]], parts: dict[str, list[float]],
    dropped: dict[str, set[int]], planted: set[int],
) -> tuple[dict[str, Any], float]:  # fmt: skip
    middle = {name: statistics.median(seconds) for name, seconds in took.items()}
    figures: dict[str, Any] = {"texts": count, "planted_alike": len(planted)}
    for name, seconds in middle.items():
        figures[f"{name}_texts_per_s"] = round(count / seconds)
        figures[f"{name}_recall"] = round(len(dropped[name] & planted) / len(planted), 4)
        figures[f"{name}_others"] = len(dropped[name] - planted)
    ratios = {name: middle[name] / middle["ours"] for name in PEERS}
    figures |= {f"over_{name}": round(ratio, 2) for name, ratio in ratios.items()}
    figures["rensa_shingling_share"] = round(statistics.median(parts["rensa"]) / middle["rensa"], 3)
    return figures, round(min(ratios.values()), 2)


def _ours(texts: Sequence[str], root: Path) -> tuple[float, set[int]]:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        seconds = []
        for _ in range(REPEATS):
            start = time.process_time()
            with NearDuplicates(root, THRESHOLD) as near:
                items = ((n, Text(text, "en", str(n))) for n, text in enumerate(texts))
                gone = {number for number, match in near.sift(items) if match is not None}
            seconds.append(time.process_time() - start)
        return statistics.median(seconds), gone
    finally:
        os.sched_setaffinity(0, cores)


def _planted(own: Sequence[str]) -> tuple[list[str], set[int]]:
    """The texts with changed copies of a tenth of them behind, and which of those are still alike."""
    draw = random.Random(1)
    texts = list(own)
    alike: set[int] = set()
    for number in draw.sample(range(len(own)), len(own) // 10):
        words = own[number].split(" ")
        for _ in range(draw.randint(1, 5)):
            words[draw.randrange(len(words))] = f"changed{draw.randrange(10**6)}"
        texts.append(" ".join(words))
        if jaccard(own[number], texts[-1]) >= THRESHOLD:
            alike.add(len(texts) - 1)
    return texts, alike
