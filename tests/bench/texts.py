"""Texts for benches: pages of Python's documentation where the shelf has them, else drawn ones."""

from __future__ import annotations

import random
from typing import Final

from corpus.pages import sphinx
from corpus.shelf import Shelf
from infra import settings
from infra.errors import NotFound

WORDS: Final = 500
PACKAGE: Final = "python3.11-doc"


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
