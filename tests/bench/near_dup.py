"""Near duplicates of text: from texts to verdicts, against datatrove, datasketch and rensa.

All get the same texts, shingles of five words, 128 permutations and one core, in turn, a few times;
medians of the processor's time count. A tenth of the texts are copies that were changed, of which those count that are
still alike by the threshold; `others` were dropped beside them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from corpus.operators.near import NearDuplicates, Text
from infra.progress import Progress
from tests.bench import texts as shelf_texts
from tests.bench.report import Report
from tests.bench.texts import Answer, middle
from tests.bench.turns import on_one_core
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
    ways = {"ours": lambda path: _ours(texts, path.parent)} | {
        name: partial(_theirs, name) for name in PEERS
    }
    answers = shelf_texts.in_turn(texts, ways, ROUNDS, progress)
    figures, ratio = _figures(len(texts), answers, planted)
    return Report(
        "near_dup", figures, "the fastest of rensa, datasketch, datatrove", ratio, (note,)
    )


def _figures(
    count: int, answers: dict[str, list[Answer]], planted: set[int]
) -> tuple[dict[str, Any], float]:
    took = {name: middle(each) for name, each in answers.items()}
    figures: dict[str, Any] = {"texts": count, "planted_alike": len(planted)}
    for name, seconds in took.items():
        dropped = set(answers[name][-1]["dropped"])
        figures[f"{name}_texts_per_s"] = round(count / seconds)
        figures[f"{name}_recall"] = round(len(dropped & planted) / len(planted), 4)
        figures[f"{name}_others"] = len(dropped - planted)
    ratios = {name: took[name] / took["ours"] for name in PEERS}
    figures |= {f"over_{name}": round(ratio, 2) for name, ratio in ratios.items()}
    shingling = middle(answers["rensa"], "part_seconds")
    figures["rensa_shingling_share"] = round(shingling / took["rensa"], 3)
    return figures, round(min(ratios.values()), 2)


def _theirs(name: str, path: Path) -> Answer:
    answer: Answer = ask("near_dup", system=name, path=str(path))
    return answer


def _ours(texts: Sequence[str], root: Path) -> Answer:
    def work() -> list[int]:
        with NearDuplicates(root, THRESHOLD) as near:
            items = ((n, Text(text, "en", str(n))) for n, text in enumerate(texts))
            return [number for number, match in near.sift(items) if match is not None]

    seconds, dropped = on_one_core(work, REPEATS)
    return {"seconds": seconds, "dropped": dropped}


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
