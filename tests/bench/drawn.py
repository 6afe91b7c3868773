"""Samples that are drawn: encoded pictures of the usual sizes with their records, the same each time."""

from __future__ import annotations

import json
import random
from typing import Any, Final, NamedTuple

SAMPLES: Final = 4000
MEDIAN_BYTES: Final = 14_000


class Drawn(NamedTuple):
    """A key, the bytes of a picture (chance: nothing here decodes it) and a record."""

    key: str
    picture: bytes
    record: dict[str, Any]

    @property
    def line(self) -> bytes:
        """The record as it is written."""
        return json.dumps(self.record, ensure_ascii=False, separators=(",", ":")).encode()


def samples(count: int = SAMPLES) -> list[Drawn]:
    """So many samples with one picture each."""
    draw = random.Random(7)
    return [_sample(draw, number) for number in range(count)]


def _sample(draw: random.Random, number: int) -> Drawn:
    key = f"caption-{draw.getrandbits(80):020x}"
    size = min(120_000, int(MEDIAN_BYTES * draw.lognormvariate(0, 0.7)))
    words = " ".join(f"word{draw.randrange(9999)}" for _ in range(draw.randrange(5, 60)))
    turns = [
        {"role": "user", "content": "<image>\nWhat is this?"},
        {"role": "assistant", "content": words},
    ]
    record = {
        "id": key, "category": "caption", "source": "drawn", "kind": "title", "language": "en",
        "messages": turns, "images": [f"images/{number:06d}.jpg"], "text_tokens": len(words) // 4,
        "image_tokens": 256, "sequence": number // 12,
    }  # fmt: skip
    return Drawn(key, draw.randbytes(size), record)
