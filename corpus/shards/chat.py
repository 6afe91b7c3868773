"""The chat form of a pick: a line of `messages.jsonl`, which its shard holds too."""

from __future__ import annotations

from typing import Any, Final

from corpus.lines import line_of
from corpus.sample import Picture
from corpus.select import Pick

MESSAGES: Final = "messages.jsonl"


def reference(picture: Picture) -> str:
    """How the JSONL names a picture: relative to its own directory."""
    return f"images/{picture.sha256[:2]}/{picture.sha256}.{picture.suffix}"


def encoded(pick: Pick, sequence: int) -> bytes:
    """The pick's line in `messages.jsonl`, its end included."""
    return line_of(_record(pick, sequence))


def _record(pick: Pick, sequence: int) -> dict[str, Any]:
    """The chat form of a pick, with what a trainer may filter by."""
    sample = pick.sample
    return {
        "id": pick.key,
        "category": sample.category,
        "source": sample.source,
        "kind": sample.kind,
        "language": sample.language,
        **({"traits": dict(sample.traits)} if sample.traits else {}),
        "messages": [{"role": t.role, "content": t.content} for t in sample.messages],
        "images": [reference(picture) for picture in sample.pictures],
        "text_tokens": sample.text_tokens,
        "image_tokens": sample.image_tokens,
        "sequence": sequence,
    }
