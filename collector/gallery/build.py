"""Puts the page together: what was made, drawn, written as one HTML file beside its assets.

All text in it comes from guests, pages and packages, so the template escapes everything; nothing
on the page runs and nothing is fetched.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collector.gallery import choice, marks
from collector.gallery.assets import Assets
from corpus.describe import plots
from grounding.build import directory as samples_of
from grounding.samples import Screens
from infra.errors import Conflict, NotFound
from infra.files import publish
from infra.progress import Progress

PAGE: Final = "index.html"
MARK: Final = ".trawl-gallery"
"""Says that a directory was made here, so that it may be replaced."""
LISTED: Final = 60
TEXT_CHARS: Final = 420
TONES: Final = {"agent": "a", "text": "b", "caption": "c"}
OTHER_TONES: Final = "defgh"


@dataclass(frozen=True, slots=True)
class Gallery:
    """A written page and its size."""

    page: Path
    screens: int
    trajectories: int
    size_bytes: int

    def as_record(self) -> dict[str, Any]:
        """As `--json` shows it."""
        return {
            "page": str(self.page),
            "screens": self.screens,
            "trajectories": self.trajectories,
            "size_bytes": self.size_bytes,
        }


def build(home: Path, out: Path, progress: Progress) -> Gallery:
    """Write the page of what lies under `home` into `out`. Raises NotFound where there is nothing."""
    samples = samples_of(home)
    if not (samples / "stats.json").is_file():
        raise NotFound("nothing has been grounded yet", "trawl ground build", str(samples))
    _clear(out)
    assets = Assets(out)
    shown = Screens(samples)
    progress.say("choosing")
    records = choice.screens(choice.rows(samples / "grounding.jsonl"))
    trajectories = choice.episodes(choice.rows(samples / "trajectories.jsonl"))
    progress.say("drawing")
    page = {
        "stats": json.loads((samples / "stats.json").read_text(encoding="utf-8")),
        "screens": [_screen(record, shown, assets) for record in records],
        "episodes": [_episode(one, shown, assets) for one in trajectories],
        "pairs": [_pair(*pair, shown, assets) for pair in choice.pairs(trajectories)],
        "corpora": [_corpus(root, assets) for root in _corpora(home)],
        "bars": plots.bars,
        "figure": plots.figure,
    }
    html = _render(page).encode("utf-8", "replace")
    publish(out / PAGE, html)
    return Gallery(out / PAGE, len(records), len(trajectories), assets.size_bytes + len(html))


def _clear(out: Path) -> None:
    """Make room for the page; a directory that holds anything else is left alone."""
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise Conflict(f"{out} holds other files", "give another --out, or empty it", str(out))
    if (out / "assets").is_dir():
        shutil.rmtree(out / "assets")
    publish(out / MARK, b"made by trawl gallery build\n")


def _render(page: dict[str, Any]) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("collector.gallery"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("index.html").render(page)


def _screen(record: dict[str, Any], shown: Screens, assets: Assets) -> dict[str, Any]:
    applications: dict[str, int] = record["provenance"].get("applications", {})
    ordered = sorted(applications, key=lambda name: (-applications[name], name))
    return {
        "record": record,
        "image": assets.screen(shown, record["image"], tuple(record["image_size"])),
        "boxes": marks.boxes(record),
        "programs": [name for name in ordered if applications[name] >= 3][:4],
        "elements": record["elements"][:LISTED],
        "more": max(0, len(record["elements"]) - LISTED),
    }


def _episode(trajectory: dict[str, Any], shown: Screens, assets: Assets) -> dict[str, Any]:
    steps = choice.stretch(trajectory)
    return {
        "trajectory": trajectory,
        "steps": [_step(trajectory, step, shown, assets) for step in steps],
        "effective": sum(bool(step["did_anything"]) for step in trajectory["steps"]),
    }


def _step(
    trajectory: dict[str, Any], step: dict[str, Any], shown: Screens, assets: Assets
) -> dict[str, Any]:
    return {
        "step": step,
        "image": assets.screen(shown, step["image"], _size(trajectory)),
        "mark": marks.action(step),
        "code": marks.words(step),
    }


def _pair(
    trajectory: dict[str, Any], step: dict[str, Any], after: str, shown: Screens, assets: Assets
) -> dict[str, Any]:
    return {
        **_step(trajectory, step, shown, assets),
        "trajectory": trajectory,
        "after": assets.screen(shown, after, _size(trajectory)),
    }


def _size(trajectory: dict[str, Any]) -> tuple[int, int]:
    """The size of a trajectory's screens."""
    return trajectory["screen"]["w"], trajectory["screen"]["h"]


def _corpora(home: Path) -> list[Path]:
    return sorted(path.parent for path in (home / "corpora").glob("[!.]*/stats.json"))


def _corpus(root: Path, assets: Assets) -> dict[str, Any]:
    stats = json.loads((root / "stats.json").read_text(encoding="utf-8"))
    captions, texts = choice.corpus_samples(root)
    tones = _tones(stats["by_category"])
    sources = {name: tones[_category_of(stats, name)] for name in stats["by_source"]}
    rows = [
        ("by category", _parts(stats["by_category"], tones)),
        ("by source", _parts(stats["by_source"], sources)),
        ("text and image", _kinds(stats)),
        ("by language", _parts(stats["by_language"], _tones(stats["by_language"]))),
    ]
    return {
        "name": root.name,
        "stats": stats,
        "tones": sources,
        "plot": plots.stacked(rows),
        "captions": [(assets.picture(root / row["images"][0]), _said(row)) for row in captions],
        "texts": [(row["source"], row["language"], _said(row)[:TEXT_CHARS]) for row in texts],
        "dropped": _dropped(stats),
    }


def _tones(labels: dict[str, Any]) -> dict[str, str]:
    """A tone for each label, the same for a category everywhere."""
    free = iter([*OTHER_TONES, *["h"] * len(labels)])
    return {label: TONES.get(label) or next(free) for label in labels}


def _category_of(stats: dict[str, Any], source: str) -> str:
    planned = {row["source"]: row["category"] for row in stats["plan"]["sources"]}
    return str(planned.get(source, next(iter(stats["by_category"]))))


def _parts(counts: dict[str, Any], tones: dict[str, str]) -> list[tuple[str, float, str]]:
    """The parts of a bar, those of one tone beside each other."""
    parts = [(name, float(row["tokens"]), tones[name]) for name, row in counts.items()]
    return sorted(parts, key=lambda part: (part[2], -part[1], part[0]))


def _kinds(stats: dict[str, Any]) -> list[tuple[str, float, str]]:
    return [
        ("text", float(stats["text_tokens"]), "b"),
        ("image", float(stats["image_tokens"]), "d"),
    ]


def _said(row: dict[str, Any]) -> str:
    """What the sample teaches: the last turn."""
    return str(row["messages"][-1]["content"]).replace("<image>", "").strip()


def _dropped(stats: dict[str, Any]) -> dict[str, int]:
    """What the categories left out, by reason."""
    counts: dict[str, int] = {}
    for funnel in stats["funnel"]:
        for row in funnel["dropped"]:
            label = f"{row['source']}: {row['reason']}"
            counts[label] = counts.get(label, 0) + row["count"]
    return counts
