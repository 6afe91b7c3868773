"""What a mixture is made of: tokens by category, source, kind, language and licence; the funnel.

`stats.json` is part of the corpus, so it holds nothing of the time or the host.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from corpus.order import Order
from corpus.plan import Plan
from corpus.shards import manifest
from corpus.store import Profile, Stock

NAME: Final = "stats.json"


def composition(stock: Stock, order: Order, plan: Plan, context_tokens: int) -> dict[str, Any]:
    """The record of `stats.json`."""
    text, image = (int(column[order.rows].sum()) for column in (stock.text, stock.image))
    whole = max(1, order.sequence_count * context_tokens)
    sums = _sums(stock, order)
    return {
        "samples": len(order),
        "tokens": text + image,
        "text_tokens": text,
        "image_tokens": image,
        "pictures": len(stock.pictures(order.rows)),
        "captioned_pictures": len(stock.pictures(order.rows[_is_caption(stock)[order.rows]])),
        **{f"by_{name}": _by(stock.profiles, sums, label) for name, label in LABELS.items()},
        "sequences": {
            "count": order.sequence_count,
            "context_tokens": context_tokens,
            "filled": round((text + image) / whole, 4),
        },
        "plan": plan.as_record(),
        "funnel": [funnel.record() for funnel in stock.funnels],
    }


def read(root: Path) -> dict[str, Any]:
    """The record of a corpus. Raises NotFound, Corrupt."""
    record: dict[str, Any] = json.loads(manifest.content(root, NAME))
    return record


def _is_caption(stock: Stock) -> Any:
    marks = [profile.trait("category") == "caption" for profile in stock.profiles]
    return np.array(marks, dtype=bool)[stock.profile]


def _trait(name: str) -> Callable[[Profile], str]:
    return lambda profile: profile.trait(name)


LABELS: Final = {
    "category": _trait("category"),
    "source": _trait("source"),
    "kind": lambda profile: f"{profile.trait('category')}/{profile.trait('kind')}",
    **{
        name: _trait(name)
        for name in ("language", "licence", "resolution", "length", "platform", "topic", "type")
    },
}


def _sums(stock: Stock, order: Order) -> list[tuple[int, int, int]]:
    """Samples, text and image tokens of each profile."""
    profile, many = stock.profile[order.rows], len(stock.profiles)
    weights = (None, stock.text[order.rows], stock.image[order.rows])
    columns = [np.bincount(profile, weights=w, minlength=many).astype(int) for w in weights]
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _by(
    profiles: Sequence[Profile],
    of_profiles: Sequence[tuple[int, int, int]],
    label: Callable[[Profile], str],
) -> dict[str, dict[str, Any]]:
    """Samples and tokens by a label, the largest first, with each one's share of all tokens."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for profile, numbers in zip(profiles, of_profiles, strict=True):
        if numbers[0]:
            row = sums[label(profile)]
            for place, number in enumerate(numbers):
                row[place] += number
    whole = max(1, sum(row[1] + row[2] for row in sums.values()))
    ordered = sorted(sums.items(), key=lambda item: (-item[1][1] - item[1][2], item[0]))
    return {
        name: {
            "samples": row[0],
            "text_tokens": row[1],
            "image_tokens": row[2],
            "tokens": row[1] + row[2],
            "share": round((row[1] + row[2]) / whole, 4),
        }
        for name, row in ordered
    }
