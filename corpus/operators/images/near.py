"""Near duplicates among pictures: hashes propose, alignment and a pixel check decide.

A picture is compared with those kept before it and never with one that was dropped, so that no
chain of small changes makes one picture of many. A picture has a tongue, the language of the words
beside it: the same picture with words in two languages is a pair to keep. What was found out about
a pair is kept by the hashes of both.

About 400 bytes are held in memory for each picture that is kept, and 40 MB of thumbnails.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np

from corpus.cache import Results
from corpus.operators.images import perceptual, same
from corpus.operators.images.admit import shown
from corpus.operators.images.candidates import Candidates
from corpus.operators.images.views import SIDE, Views, starts, thumbnail, views

VERSION: Final = f"near-1:{same.VERSION}"
THUMBNAILS: Final = 256


class Near:
    """The pictures kept so far, named by their hashes."""

    def __init__(self, load: Callable[[str], bytes], results: Callable[[str], Results]) -> None:
        """`load` gives the bytes of a picture by its hash; what is found out goes to `results`."""
        self._load = load
        self._results = results(VERSION)
        self._thumbnail = lru_cache(THUMBNAILS)(self._made)
        self._kept: dict[str, list[str]] = {}
        self._candidates: dict[str, Candidates] = {}

    def like(self, sha256: str, tongue: str = "") -> str | None:
        """The kept picture of that tongue that shows the same, or None."""
        known = self._known(sha256)
        verdicts = dict(known["verdicts"])
        found = None
        for other in self._proposed(known, tongue):
            if other not in verdicts:
                verdicts[other] = self._same(sha256, other)
            if verdicts[other]:
                found = other
                break
        if verdicts != known["verdicts"]:
            self._results.put(sha256, {**known, "verdicts": verdicts})
        return found

    def keep(self, sha256: str, tongue: str = "") -> None:
        """From now on others are compared with this one."""
        self._candidates.setdefault(tongue, Candidates()).add(_views(self._known(sha256)).hashes)
        self._kept.setdefault(tongue, []).append(sha256)

    def _proposed(self, known: dict[str, Any], tongue: str) -> list[str]:
        if tongue not in self._candidates:
            return []
        numbers = self._candidates[tongue].nearest(_views(known).hashes)
        return [self._kept[tongue][number] for number in numbers]

    def _known(self, sha256: str) -> dict[str, Any]:
        """What is known of a picture: its views and the verdicts on pairs with it."""
        known: dict[str, Any] | None = self._results.get(sha256)
        if known is None:
            seen = views(self._thumbnail(sha256))
            known = {
                "size": list(seen.size), "trimmed": list(seen.trimmed),
                "hashes": seen.hashes.tobytes(), "verdicts": {},
            }  # fmt: skip
            self._results.put(sha256, known)
        return known

    def _same(self, sha256: str, other: str) -> bool:
        """The verdict on a pair."""
        likely = starts(_views(self._known(sha256)), _views(self._known(other)))
        return same.same(self._thumbnail(sha256), self._thumbnail(other), likely)

    def _made(self, sha256: str) -> Any:
        return thumbnail(shown(self._load(sha256), SIDE)[0])


def _views(known: dict[str, Any]) -> Views:
    hashes = np.frombuffer(known["hashes"], np.uint8).reshape(-1, perceptual.BYTES)
    return Views(tuple(known["size"]), tuple(known["trimmed"]), hashes)
