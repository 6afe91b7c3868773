"""What a mixture is made of: tokens by category, source, kind, language and licence; the funnel.

`stats.json` is part of the corpus, so it holds nothing of the time or the host.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
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
    text, image = (int(stock.column(name)[order.rows].sum()) for name in ("text", "image"))
    whole = max(1, order.sequence_count * context_tokens)
    return {
        "samples": len(order),
        "tokens": text + image,
        "text_tokens": text,
        "image_tokens": image,
        "pictures": len(stock.pictures(order.rows)),
        "captioned_pictures": len(stock.pictures(order.rows[_is_caption(stock)[order.rows]])),
        **{f"by_{name}": _by(stock, order, label) for name, label in LABELS.items()},
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


def _by(stock: Stock, order: Order, label: Callable[[Profile], str]) -> dict[str, dict[str, Any]]:
    """Samples and tokens by a label, the largest first, with each one's share of all tokens."""
    profile, many = stock.profile[order.rows], len(stock.profiles)
    columns = [
        np.bincount(profile, minlength=many),
        *(np.bincount(profile, weights=stock.column(name)[order.rows], minlength=many)
          for name in ("text", "image")),
    ]  # fmt: skip
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for number, one in enumerate(stock.profiles):
        if columns[0][number]:
            row = sums[label(one)]
            for place, column in enumerate(columns):
                row[place] += int(column[number])
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
