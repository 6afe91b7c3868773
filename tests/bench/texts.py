"""Texts for benches: pages of Python's documentation where the shelf has them, else drawn ones; who reads them in turn."""

from __future__ import annotations

import json
import random
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from corpus.pages import sphinx
from corpus.shelf import Shelf
from infra import settings
from infra.errors import NotFound
from infra.progress import Progress

WORDS: Final = 500
PACKAGE: Final = "python3.11-doc"
Answer = dict[str, Any]


def english(count: int) -> tuple[list[str], str]:
    """So many different texts of WORDS words in English, and what they are."""
    try:
        package = Shelf(settings.load().cache / "shelf").find(PACKAGE)
    except NotFound:
        return _drawn(count), f"texts drawn: {PACKAGE} is not on the shelf"
    texts: dict[str, None] = {}
    for file in package.under("usr/share/doc/", (".html",)):
        if "/html/" not in file.path or "/_static/" in file.path:
            continue
        _, blocks, reason = sphinx.read(package.read(file), file.path)
        words = [] if reason else "\n\n".join(blocks).split(" ")
        for start in range(0, len(words) - WORDS, WORDS):
            texts[" ".join(words[start : start + WORDS])] = None
        if len(texts) >= count:
            break
    return list(texts)[:count], f"texts of {PACKAGE}"


def _drawn(count: int) -> list[str]:
    draw = random.Random(1)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    known = ["".join(draw.choices(letters, k=draw.randint(1, 9))) for _ in range(20_000)]
    weights = [1 / (n + 3) for n in range(len(known))]
    sentences = (draw.choices(known, weights, k=WORDS) for _ in range(count))
    return [
        " ".join(word + ("." if n % 17 == 16 else "") for n, word in enumerate(words))
        for words in sentences
    ]


def in_turn(
    texts: Sequence[str], ways: Mapping[str, Callable[[Path], Answer]], rounds: int, progress: Progress
) -> dict[str, list[Answer]]:  # fmt: skip
    """What each way answers to the same texts, round by round; it is given them as lines of JSON."""
    answers: dict[str, list[Answer]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as root:
        path = Path(root) / "texts.jsonl"
        path.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
        for number in range(rounds):
            progress.say(f"round {number + 1} of {rounds}")
            for name, way in ways.items():
                answers[name].append(way(path))
    return answers


def middle(answers: Sequence[Answer], of: str = "seconds") -> float:
    """The median of a number that the answers hold."""
    return float(statistics.median(answer[of] for answer in answers))
