"""What the dense forms share: elements in reading order, figures, text without structure, turns."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any, Final

Record = dict[str, Any]
Pair = tuple[str, str]
STRUCTURE: Final = re.compile(
    r"<\s*/?\s*(image|ref|box|point|think|operation|action)\b|<\||\[\s*-?[\d.]+\s*,\s*-?[\d.]+"
    r"|\b[xy]\s*=\s*0?\.\d|\bfrom_coord|\bto_coord",
    re.IGNORECASE,
)
"""Text that some reader takes for an image, a tag, or a coordinate that it rewrites."""
LARGEST: Final = 0.9999


def is_plain(text: str) -> bool:
    """Whether no reader takes a part of the text for structure."""
    return bool(text) and STRUCTURE.search(text) is None


def rng_of(record: Record, what: str) -> random.Random:
    """The choices for one screen and form: the same every time."""
    return random.Random(f"{record['id']}/{what}")  # noqa: S311 - variety, not secrecy


def thousandths(box: Sequence[int], size: Sequence[int]) -> list[int]:
    """`[left, top, right, bottom]` as integers of 0 to 1000, never empty."""
    width, height = size
    left, top, right, bottom = (
        round(1000 * v / s) for v, s in zip(box, (width, height, width, height), strict=True)
    )
    return [
        min(left, 999),
        min(top, 999),
        max(right, min(left, 999) + 1),
        max(bottom, min(top, 999) + 1),
    ]


def centre(box: Sequence[int]) -> tuple[int, int]:
    """The pixel in the middle of a box."""
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2


def share(pixel: int, size: int) -> str:
    """A pixel as `0.dddd`, never 0 or 1: readers take those for pixels."""
    return f"{min(max(pixel / size, 0.0001), LARGEST):.4f}"


def reading_order(elements: Sequence[Record]) -> list[Record]:
    """Row by row from the top, each from the left; what shares half its height is one row."""
    rows: list[list[Record]] = []
    for element in sorted(
        elements, key=lambda e: (e["bbox_px"][1] + e["bbox_px"][3], e["bbox_px"][0])
    ):
        if rows and _same_row(rows[-1][0], element):
            rows[-1].append(element)
        else:
            rows.append([element])
    return [
        e for row in rows for e in sorted(row, key=lambda e: (e["bbox_px"][0], e["bbox_px"][1]))
    ]


def _same_row(first: Record, other: Record) -> bool:
    (_, top, _, bottom), (_, t, _, b) = first["bbox_px"], other["bbox_px"]
    high, low = sorted((bottom - top, b - t), reverse=True)
    shared: int = min(bottom, b) - max(top, t)
    return bool(2 * shared >= low and high <= 3 * low)


def turns(pairs: Sequence[Pair]) -> list[dict[str, str]]:
    """Questions and answers as a conversation over one image."""
    said: list[dict[str, str]] = []
    for number, (question, answer) in enumerate(pairs):
        said.append({"from": "human", "value": question if number else f"<image>\n{question}"})
        said.append({"from": "gpt", "value": answer})
    return said


def row(record: Record, pairs: Sequence[Pair], **more: str) -> dict[str, Any]:
    """One line: the image with its size, and the conversation."""
    width, height = record["image_size"]
    return {
        "id": f"{record['id']}/{'/'.join(more.values())}",
        "image": f"images/{record['image']}.png",
        "width": width,
        "height": height,
        **more,
        "conversations": turns(pairs),
    }
