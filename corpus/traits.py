"""What a recipe can tell samples apart by, and the buckets of what is a number.

`kind` says what a sample asks, `type` what document it was made from, `topic` where it stands in a
taxonomy, `check` by which rule an answer can be told from a wrong one (`box`, `point`, `choice`).
A sample that has none of a trait is `none` there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from corpus.sample import Sample

BUCKETS_PX: Final = (256, 448, 896, 1344, 1920)
BUCKETS_TOKENS: Final = (512, 2048, 8192, 32768, 131072)
NONE: Final = "none"


def resolution(sample: Sample) -> str:
    """The bucket of a sample's largest picture by its longer side; `none` without a picture."""
    longest = max((max(p.width, p.height) for p in sample.pictures), default=0)
    return bucket(longest, BUCKETS_PX) if longest else NONE


def form(sample: Sample) -> str:
    """Whether a sample answers somebody or stands for itself."""
    return "dialogue" if any(turn.role == "user" for turn in sample.messages) else "document"


def bucket(value: int, bounds: tuple[int, ...]) -> str:
    """The first bound that is not passed, or that the last one is."""
    return next((f"<={bound}" for bound in bounds if value <= bound), f">{bounds[-1]}")


def _own(name: str) -> Callable[[Sample], str]:
    return lambda sample: next((value for key, value in sample.traits if key == name), NONE)


TRAITS: Final[Mapping[str, Callable[[Sample], str]]] = {
    "category": lambda sample: sample.category,
    "source": lambda sample: sample.source,
    "kind": lambda sample: sample.kind,
    "language": lambda sample: sample.language,
    "licence": lambda sample: sample.origin.licence.label,
    "resolution": resolution,
    "length": lambda sample: bucket(sample.tokens, BUCKETS_TOKENS),
    "platform": _own("platform"),
    "topic": _own("topic"),
    "type": _own("type"),
    "form": form,
    "check": _own("check"),
}


def is_of(value: str, wanted: str) -> bool:
    """Whether a trait's value is what is wanted, or lies below it in a taxonomy."""
    return value == wanted or value.startswith(f"{wanted}/")
