"""`python -m collector.figures`: what lies in TRAWL_HOME, against what a first run must leave.

Counted from what is on disk (recordings, grounding and corpus), not from what a command said.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collector.cli import render
from infra import settings
from infra.errors import NotFound, TrawlError

RECIPE: Final = "first"
DESKTOP: Final = "ubuntu"


@dataclass(frozen=True, slots=True)
class Figure:
    """One count, and the least that it must be."""

    name: str
    value: float
    wanted: float

    @property
    def is_met(self) -> bool:
        """Whether the count is reached."""
        return self.value >= self.wanted


def main() -> int:
    """Print every figure; exit code 1 where one is missed."""
    try:
        found = list(figures(settings.load().home))
    except TrawlError as error:
        render.echo(f"error: {error}", err=True)
        return error.exit_code
    rows = [
        [figure.name, f"{figure.value:,.4g}" if figure.wanted < 1 else f"{figure.value:,.0f}",
         f"{figure.wanted:,}", "ok" if figure.is_met else "MISSED"]
        for figure in found
    ]  # fmt: skip
    render.table(["figure", "there", "at least", ""], rows)
    return 0 if all(figure.is_met for figure in found) else 1


def figures(home: Path) -> Iterator[Figure]:
    """The figures of what lies below `home`. Raises NotFound where a stage has left nothing."""
    steps, programs = _collected(home)
    grounded = _document(home / "samples" / "agent" / "stats.json", "trawl ground build")
    mixture = _document(home / "corpora" / RECIPE / "stats.json", f"trawl corpus build {RECIPE}")
    agent = mixture["by_category"].get("agent", {})
    yield Figure("committed desktop steps", steps[DESKTOP], 150)
    yield Figure("programs they were taken in", programs, 6)
    yield Figure("committed web steps", steps["web"], 60)
    yield Figure("kept elements", grounded["elements"], 4_000)
    yield Figure("pictures with a caption of their own", mixture["captioned_pictures"], 2_500)
    yield Figure("text tokens", mixture["text_tokens"], 1_000_000)
    yield Figure("agent data's share of the tokens", agent.get("share", 0.0), 0.1)


def _collected(home: Path) -> tuple[Counter[str], int]:
    """Committed steps by platform, and how many desktop programs an action went to.

    Recordings of stand-ins do not count.
    """
    from envs.recording import reader

    steps: Counter[str] = Counter()
    programs: set[str] = set()
    for directory in reader.directories(home):
        recording = reader.read(directory)
        env = recording.header.env
        if env.stand_in:
            continue
        steps[env.platform] += len(recording.steps)
        if env.platform == DESKTOP:
            blobs = reader.blobs_of(directory)
            for step in recording.steps:
                element = step.before.tree.load(blobs).by_id().get(step.element_id or "")
                if element is not None and element.app:
                    programs.add(element.app)
    return steps, len(programs)


def _document(path: Path, made_by: str) -> dict[str, Any]:
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(f"no {path}", made_by, str(path)) from error
    return values


if __name__ == "__main__":
    sys.exit(main())
