"""What a mixture is made of: tokens by category, source, kind, language and licence; the funnel.

`stats.json` is part of the corpus, so it holds nothing of the time or the host.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from corpus.funnel import Funnel
from corpus.pack import Sequence as Packed
from corpus.plan import Plan
from corpus.select import Pick

NAME: Final = "stats.json"


def composition(
    picks: Sequence[Pick],
    packed: Sequence[Packed],
    plan: Plan,
    funnels: Iterable[Funnel],
    context_tokens: int,
) -> dict[str, Any]:
    """The record of `stats.json`."""
    text = sum(pick.sample.text_tokens for pick in picks)
    image = sum(pick.sample.image_tokens for pick in picks)
    pictures = {p.sha256 for pick in picks for p in pick.sample.pictures}
    captioned = {
        p.sha256
        for pick in picks
        if pick.sample.category == "caption"
        for p in pick.sample.pictures
    }
    return {
        "samples": len(picks),
        "tokens": text + image,
        "text_tokens": text,
        "image_tokens": image,
        "pictures": len(pictures),
        "captioned_pictures": len(captioned),
        "by_category": _by(picks, lambda pick: pick.sample.category),
        "by_source": _by(picks, lambda pick: pick.sample.source),
        "by_kind": _by(picks, lambda pick: f"{pick.sample.category}/{pick.sample.kind}"),
        "by_language": _by(picks, lambda pick: pick.sample.language),
        "by_licence": _by(picks, lambda pick: pick.sample.origin.licence.label),
        "sequences": {
            "count": len(packed),
            "context_tokens": context_tokens,
            "filled": round((text + image) / max(1, len(packed) * context_tokens), 4),
        },
        "plan": plan.as_record(),
        "funnel": [_funnel(funnel) for funnel in funnels],
    }


def _by(picks: Iterable[Pick], key: Any) -> dict[str, dict[str, Any]]:
    """Samples and tokens by a label, the largest first, with each one's share of all tokens."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pick in picks:
        row = sums[key(pick)]
        row[0] += 1
        row[1] += pick.sample.text_tokens
        row[2] += pick.sample.image_tokens
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


def _funnel(funnel: Funnel) -> Mapping[str, Any]:
    return {
        "category": funnel.category,
        "read": dict(funnel.read),
        "kept": dict(funnel.kept),
        "dropped": funnel.rows(),
    }
