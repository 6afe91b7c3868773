"""What the page shows: few, unlike one another, the same ones for the same input."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from infra.errors import Corrupt

SCREENS: Final = 12
EPISODES: Final = 4
STEPS: Final = 8
PAIRS: Final = 4
CAPTIONS: Final = 12
TEXTS: Final = 6
LINES_READ: Final = 40_000
Row = dict[str, Any]


def rows(path: Path) -> Iterator[Row]:
    """The rows of a JSON-lines file; none where there is no file. Raises Corrupt."""
    if not path.is_file():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines):
            if number >= LINES_READ:
                return
            try:
                yield json.loads(line)
            except ValueError as error:
                raise Corrupt(
                    f"line {number + 1} of {path} is not JSON", "build it again"
                ) from error


def screens(records: Iterable[Row], most: int = SCREENS) -> list[Row]:
    """Screens unlike one another: the next is the richest of what was shown least so far."""
    left = {record["id"]: record for record in records}
    names = {key: frozenset(e["name"] for e in r["elements"]) for key, r in left.items()}
    alike: dict[str, float] = dict.fromkeys(left, 0.0)
    shown: Counter[str] = Counter()
    chosen: list[Row] = []
    while left and len(chosen) < most:
        best = min(
            left.values(),
            key=lambda r: (
                _familiar(r, shown) + 4 * alike[r["id"]] - min(1.0, len(r["elements"]) / 60),
                r["id"],
            ),
        )
        del left[best["id"]]
        chosen.append(best)
        shown.update([_look(best), best["platform"], *_programs(best)])
        for key in left:
            alike[key] = max(alike[key], _overlap(names[key], names[best["id"]]))
    return chosen


def _overlap(mine: frozenset[str], other: frozenset[str]) -> float:
    """The share of names two screens have in common."""
    return len(mine & other) / max(1, len(mine | other))


def _programs(record: Row) -> list[str]:
    counts: dict[str, int] = record["provenance"].get("applications", {})
    return [name for name, count in counts.items() if count >= 8]


def _look(record: Row) -> str:
    """The program most of a screen's elements belong to."""
    counts: dict[str, int] = record["provenance"].get("applications", {})
    return max(counts, key=lambda name: (counts[name], name), default="")


def _familiar(record: Row, shown: Counter[str]) -> float:
    """How much of this was shown already."""
    programs = _programs(record)
    seen = sum(shown[name] for name in programs) / max(1, len(programs))
    return shown[_look(record)] * 2 + seen + shown[record["platform"]] * 0.5


def episodes(trajectories: Iterable[Row], most: int = EPISODES) -> list[Row]:
    """Trajectories of each platform in turn, those with the most effective steps first."""
    ranked = sorted(trajectories, key=lambda t: (-_effective(t), t["id"]))
    chosen: list[Row] = []
    by_platform: dict[str, list[Row]] = {}
    for one in ranked:
        by_platform.setdefault(one["platform"], []).append(one)
    while len(chosen) < most and any(by_platform.values()):
        for platform in sorted(by_platform):
            if by_platform[platform] and len(chosen) < most:
                chosen.append(by_platform[platform].pop(0))
    return chosen


def _effective(trajectory: Row) -> int:
    return sum(bool(step["did_anything"]) for step in trajectory["steps"])


def stretch(trajectory: Row, most: int = STEPS) -> list[Row]:
    """The run of steps in which most happens and most kinds of action occur."""
    steps = trajectory["steps"]
    starts = range(max(1, len(steps) - most + 1))

    def worth(start: int) -> tuple[int, int]:
        run = steps[start : start + most]
        kinds = len({step["action"]["name"] for step in run})
        return sum(bool(step["did_anything"]) for step in run) + kinds, -start

    start = max(starts, key=worth)
    return list(steps[start : start + most])


def pairs(chosen: Iterable[Row], most: int = PAIRS) -> list[tuple[Row, Row, str]]:
    """Steps that changed the screen, each with the screen after; one per episode and action kind."""
    found: list[tuple[Row, Row, str]] = []
    used: set[tuple[str, str]] = set()
    for trajectory in chosen:
        steps = trajectory["steps"]
        after = [step["image"] for step in steps[1:]] + [trajectory.get("final_image")]
        for step, image in zip(steps, after, strict=True):
            key = (trajectory["id"], step["action"]["name"])
            changed = step["did_anything"] and image and image != step["image"] and step["element"]
            if changed and key not in used:
                used.add(key)
                found.append((trajectory, step, str(image)))
    found.sort(key=lambda pair: (sum(p[0] is pair[0] for p in found), pair[1]["index"]))
    return found[:most]


def corpus_samples(root: Path) -> tuple[list[Row], list[Row]]:
    """Captions with their pictures, and short texts of each source, from a corpus."""
    captions: list[Row] = []
    texts: dict[str, list[Row]] = {}
    for row in rows(root / "messages.jsonl"):
        if row["category"] == "caption" and row["images"] and len(captions) < CAPTIONS:
            captions.append(row)
        elif row["category"] == "text" and len(texts.setdefault(row["source"], [])) < TEXTS:
            texts[row["source"]].append(row)
    turns = [row for group in zip(*texts.values(), strict=False) for row in group]
    return captions, turns[:TEXTS]
