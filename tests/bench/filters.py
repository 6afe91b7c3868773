"""Gopher's and C4's filters, from texts to verdicts, against datatrove on one core, in turn.

`datatrove` is as it comes, with spaCy's words; `same_words` is datatrove with our splitter, whose
verdicts ours are compared with. Medians of the processor's time count.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from corpus.operators.quality import c4, gopher, repetition
from corpus.operators.quality.words import tokens_of
from infra.progress import Progress
from tests.bench import texts as shelf_texts
from tests.bench.report import Report
from tests.bench.texts import Answer, middle
from tests.bench.turns import on_one_core
from tests.peers import ask

TEXTS: Final = 400
ROUNDS: Final = 3
REPEATS: Final = 5
BATCH: Final = 16
FILTERS: Final = ("gopher", "repetition", "c4")
SPLITTERS: Final = ("own", "same_words")


def run(progress: Progress) -> Report:
    """Each system a few times in turn on the same file."""
    texts, note = shelf_texts.english(TEXTS)
    ways = {"ours": lambda _: _ours(texts)} | {name: partial(_theirs, name) for name in SPLITTERS}
    answers = shelf_texts.in_turn(texts, ways, ROUNDS, progress)
    took = {name: middle(each) for name, each in answers.items()}
    figures: dict[str, Any] = {"texts": len(texts)}
    figures |= {f"{name}_texts_per_s": round(len(texts) / s) for name, s in took.items()}
    said = {name: each[-1]["verdicts"] for name, each in answers.items()}
    for name in SPLITTERS:
        for number, of in enumerate(FILTERS):
            pairs = zip(said["ours"], said[name], strict=True)
            figures[f"{name}_{of}_differ"] = sum(
                bool(a[number]) != bool(b[number]) for a, b in pairs
            )
    figures["over_same_words"] = round(took["same_words"] / took["ours"], 2)
    ratio = round(took["own"] / took["ours"], 2)
    return Report("filters", figures, "datatrove as it comes", ratio, (note,))


def _theirs(splitter: str, path: Path) -> Answer:
    answer: Answer = ask("filters", path=str(path), splitter=splitter)
    return answer


def _ours(texts: Sequence[str]) -> Answer:
    def work() -> list[list[str]]:
        batches = (texts[n : n + BATCH] for n in range(0, len(texts), BATCH))
        return [row for batch in batches for row in _verdicts(batch)]

    seconds, verdicts = on_one_core(work, REPEATS)
    return {"seconds": seconds, "verdicts": verdicts}


def _verdicts(texts: Sequence[str]) -> list[list[str]]:
    return [
        [gopher.fault(text, found), repetition.fault(text, found), c4.kept_lines(text)[1]]
        for text, found in zip(texts, tokens_of(texts), strict=True)
    ]
