"""`stats.html`: the statistics of a corpus as one page that opens from disk and fetches nothing.

It is drawn from the record of `stats.json` alone; every word in it is escaped, nothing in it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from corpus.describe import plots

NAME: Final = "stats.html"
TONES: Final = "abcdefgh"
TEXT, IMAGE = "b", "c"


def html(name: str, stats: Mapping[str, Any]) -> str:
    """The page of a corpus of that name."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("corpus.describe"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("stats.html").render(
        name=name, stats=stats, figure=plots.figure, plots=_plots(stats), funnels=_funnels(stats)
    )


def _plots(stats: Mapping[str, Any]) -> dict[str, Any]:
    taken = _tokens(stats["by_category"])
    tones = {name: TONES[n % len(TONES)] for n, name in enumerate({**taken, **_planned(stats)})}
    return {
        "categories": plots.stacked(
            [("planned", _parts(tones, _planned(stats))), ("taken", _parts(tones, taken))]
        ),
        "key": tones,
        "kinds": plots.stacked(
            [("all", _kinds(stats)), *((n, _kinds(row)) for n, row in stats["by_category"].items())]
        ),
        "plan": plots.against(
            [
                (s["source"], s["available_tokens"], s["planned_tokens"], _made(stats, s["source"]))
                for s in stats["plan"]["sources"]
            ]
        ),
        "languages": plots.bars(_tokens(stats["by_language"]), "d"),
        "licences": plots.bars(_tokens(stats["by_licence"]), "e"),
        "lengths": plots.histogram(by_bucket(stats["by_length"]), "a"),
        "resolutions": plots.histogram(by_bucket(stats["by_resolution"]), "c"),
    }


def _parts(tones: Mapping[str, str], tokens: Mapping[str, int]) -> list[tuple[str, float, str]]:
    return [(name, tokens.get(name, 0), tone) for name, tone in tones.items()]


def _planned(stats: Mapping[str, Any]) -> dict[str, int]:
    """Planned tokens by category."""
    sums: dict[str, int] = {}
    for row in stats["plan"]["sources"]:
        sums[row["category"]] = sums.get(row["category"], 0) + row["planned_tokens"]
    return sums


def _kinds(row: Mapping[str, Any]) -> list[tuple[str, float, str]]:
    return [("text", row["text_tokens"], TEXT), ("images", row["image_tokens"], IMAGE)]


def _made(stats: Mapping[str, Any], source: str) -> int:
    return int(stats["by_source"].get(source, {"tokens": 0})["tokens"])


def _tokens(rows: Mapping[str, Any]) -> dict[str, int]:
    return {name: row["tokens"] for name, row in rows.items()}


def by_bucket(rows: Mapping[str, Any]) -> dict[str, int]:
    """Samples by bucket, from the smallest bucket; what has none comes first."""
    ordered = sorted(rows, key=_bound)
    return {name.replace("<=", "≤ "): rows[name]["samples"] for name in ordered}


def _bound(bucket: str) -> tuple[int, str]:
    digits = "".join(c for c in bucket if c.isdigit())
    return (2 * int(digits) + bucket.startswith(">") if digits else -1, bucket)


def _funnels(stats: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every category's way from what was read to what was kept, and its drops, the largest first."""
    return [
        {
            "category": funnel["category"],
            "read": sum(funnel["read"].values()),
            "kept": sum(funnel["kept"].values()),
            "reasons": plots.bars(_reasons(funnel), "e"),
            "dropped": sorted(
                funnel["dropped"], key=lambda row: (-row["count"], row["source"], row["reason"])
            ),
        }
        for funnel in stats["funnel"]
    ]


def _reasons(funnel: Mapping[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in funnel["dropped"]:
        counts[row["step"]] = counts.get(row["step"], 0) + row["count"]
    return counts
