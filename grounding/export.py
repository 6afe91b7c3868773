"""The forms that other people's trainers read, drawn from what a build wrote: nothing else is read.

They are drawn under `dialects/` when somebody asks for them, with their pictures as PNG in
`dialects/images/`; a later build removes them with what they were drawn from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from grounding.build import DRAWN, directory
from grounding.dense import captions, groundcua, listing, places
from grounding.dialects import agentnet, osatlas, scalecua, sharegpt
from grounding.dialects.shared import Exported, image_name
from grounding.samples import (
    Lines,
    Screens,
    place_image,
    publish_document,
    publish_list,
    read_lines,
)
from infra.files import exclusive, publish
from infra.progress import Progress

Rows = Callable[[dict[str, Any]], Iterable[dict[str, Any]]]
DENSE: Final = "dense"
IMAGES: Final = "images"
INFO_NAME: Final = "trawl_agent"
BY_SCREEN: Final[dict[str, Rows]] = {
    "places": places.export,
    "captions": captions.export,
    "listing": listing.export,
}


@dataclass(slots=True)
class Counts:
    """What an export wrote: rows by form, and what no form could say, as `FORM/REASON`."""

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
    with exclusive(out / ".lock", "the grounding build"):
        with ExitStack() as stack:
            work = _Export(out, stack)
            for record in read_lines(out / "grounding.jsonl"):
                work.screen(record)
                progress.advance()
            for told in read_lines(out / "goals.jsonl"):
                work.trajectory(told)
        work.publish()
    return work.counts


class _Export:
    """One export's open files, lists and counts."""

    def __init__(self, out: Path, stack: ExitStack) -> None:
        self.counts = Counts()
        self._dialects = out / DRAWN
        self._screens = Screens(out)
        self._placed: dict[str, Path] = {}
        dense = (*BY_SCREEN, "scalecua_grounding", "scalecua_trajectories")
        paths = {name: self._dialects / DENSE / f"{name}.jsonl" for name in dense}
        paths["agentnet"] = self._dialects / "agentnet.jsonl"
        self._files = {name: stack.enter_context(Lines(path)) for name, path in paths.items()}
        self._lists: dict[str, list[dict[str, Any]]] = {"osatlas": [], "sharegpt": []}

    def screen(self, record: dict[str, Any]) -> None:
        """All forms of one screen."""
        self.counts.screens += 1
        for name, rows in BY_SCREEN.items():
            self._add(name, Exported(tuple(rows(record))))
        self._add("scalecua_grounding", scalecua.grounding(record))
        self._add("osatlas", osatlas.export(record))
        rows_of = groundcua.export(record)
        place = self._dialects / DENSE / "groundcua" / "data" / record["platform"]
        publish_list(place / f"{record['id']}.json", rows_of)
        self.counts.rows["groundcua"] += len(rows_of)
        width, height = record["image_size"]
        self._image(record["image"], (width, height), f"{record['image']}.png")

    def trajectory(self, told: dict[str, Any]) -> None:
        """One goal's steps."""
        self.counts.trajectories += 1
        self._add("scalecua_trajectories", scalecua.trajectory(told))
        self._add("agentnet", agentnet.export(told))
        self._add("sharegpt", sharegpt.export(told, IMAGES))
        size = told["screen"]["w"], told["screen"]["h"]
        for step in told["steps"]:
            self._image(step["image"], size, image_name(told["id"], step["index"]))

    def publish(self) -> None:
        """What is written as a whole: the lists, what trainers register them by, the counts."""
        for name, rows in self._lists.items():
            publish_list(self._dialects / f"{name}.json", rows)
        publish_list(
            self._dialects / "llamafactory.json", map(sharegpt.messages, self._lists["sharegpt"])
        )
        info = sharegpt.dataset_info("llamafactory.json", INFO_NAME)
        publish_document(self._dialects / "dataset_info.json", info)
        names = ("scalecua_grounding", "scalecua_trajectories")
        files = [(f"trawl_{n}", f"{DENSE}/{n}.jsonl", self.counts.rows[n]) for n in names]
        publish_document(self._dialects / DENSE / "scalecua_meta.json", scalecua.meta(files))
        publish_document(self._dialects / "counts.json", self.counts.as_record())

    def _add(self, name: str, exported: Exported) -> None:
        if name in self._lists:
            self._lists[name].extend(exported.rows)
        for row in exported.rows if name in self._files else ():
            self._files[name].add(row)
        self.counts.rows[name] += len(exported.rows)
        self.counts.dropped.update({f"{name}/{r}": n for r, n in exported.dropped.items()})

    def _image(self, sha256: str, size: tuple[int, int], name: str) -> None:
        """A screen as PNG under a name of its own; it is packed once."""
        target = self._dialects / IMAGES / name
        if sha256 in self._placed:
            if not target.exists():
                place_image(self._placed[sha256], target)
        else:
            if not target.exists():
                publish(target, self._screens.png(sha256, size))
            self._placed[sha256] = target
