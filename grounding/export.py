"""The forms that are drawn from what a build wrote, under `dialects/dense/`: nothing else is read.

They are derived when somebody asks for them, and a later build removes them with what they were
drawn from. Each names its pictures in `dialects/images/`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from grounding.build import DRAWN as DENSE
from grounding.build import directory
from grounding.dense import captions, groundcua, listing, places
from grounding.dialects import scalecua
from grounding.dialects.shared import Exported, image_name
from grounding.samples import Lines, place_image, publish_document, publish_list, read_lines
from infra.blobs import Blobs
from infra.files import exclusive
from infra.progress import Progress

Rows = Callable[[dict[str, Any]], Iterable[dict[str, Any]]]
BY_SCREEN: Final[dict[str, Rows]] = {
    "places": places.export,
    "captions": captions.export,
    "listing": listing.export,
}


@dataclass(slots=True)
class Counts:
    """What an export wrote: rows by file, and what no form could say, by reason."""

    screens: int = 0
    trajectories: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def as_record(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "screens": self.screens,
            "trajectories": self.trajectories,
            "rows": dict(sorted(self.rows.items())),
            "dropped": dict(sorted(self.dropped.items())),
        }


def export(home: Path, progress: Progress) -> Counts:
    """Write every form. Raises NotFound where nothing was built, Conflict while a build runs."""
    out = directory(home)
    out.mkdir(parents=True, exist_ok=True)
    with exclusive(out / ".lock", "the grounding build"), ExitStack() as stack:
        work = _Export(out, stack)
        for record in read_lines(out / "grounding.jsonl"):
            work.screen(record)
            progress.advance()
        for told in read_lines(out / "goals.jsonl"):
            work.trajectory(told)
        work.register()
    publish_document(out / "dialects" / DENSE / "counts.json", work.counts.as_record())
    return work.counts


class _Export:
    """One export's open files and counts."""

    def __init__(self, out: Path, stack: ExitStack) -> None:
        self.counts = Counts()
        self._out, self._stack = out, stack
        self._dialects = out / "dialects"
        self._blobs = Blobs(out / "blobs")
        self._files: dict[str, Lines] = {}
        for name in (*BY_SCREEN, "scalecua_grounding", "scalecua_trajectories"):
            path = self._dialects / DENSE / f"{name}.jsonl"
            self._files[name] = stack.enter_context(Lines(path))

    def screen(self, record: dict[str, Any]) -> None:
        """All forms of one screen."""
        self.counts.screens += 1
        for name, rows in BY_SCREEN.items():
            self._add(name, Exported(tuple(rows(record))))
        self._add("scalecua_grounding", scalecua.grounding(record))
        rows_of = groundcua.export(record)
        place = self._dialects / DENSE / "groundcua" / "data" / record["platform"]
        publish_list(place / f"{record['id']}.json", rows_of)
        self.counts.rows["groundcua"] += len(rows_of)
        self._image(record["image"], f"{record['image']}.png")

    def trajectory(self, told: dict[str, Any]) -> None:
        """One goal's steps."""
        self.counts.trajectories += 1
        self._add("scalecua_trajectories", scalecua.trajectory(told))
        for step in told["steps"]:
            self._image(step["image"], image_name(told["id"], step["index"]))

    def register(self) -> None:
        """What ScaleCUA's trainer is given."""
        names = ("scalecua_grounding", "scalecua_trajectories")
        files = [(f"trawl_{n}", f"{DENSE}/{n}.jsonl", self.counts.rows[n]) for n in names]
        publish_document(self._dialects / DENSE / "scalecua_meta.json", scalecua.meta(files))

    def _add(self, name: str, exported: Exported) -> None:
        for row in exported.rows:
            self._files[name].add(row)
        self.counts.rows[name] += len(exported.rows)
        self.counts.dropped.update({f"{name}/{r}": n for r, n in exported.dropped.items()})

    def _image(self, sha256: str, name: str) -> None:
        place_image(self._blobs, sha256, self._dialects / "images" / name)
