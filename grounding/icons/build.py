"""The icon build: themes and recordings to the table, its samples and a page to look at.

A function of the recordings and the trees it is given: built again it gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from envs.recording import reader
from envs.recording.types import Recording
from grounding import screens
from grounding.icons import samples, sheet
from grounding.icons.dialects import write_dialects
from grounding.icons.files import Tree
from grounding.icons.gather import Gatherer
from grounding.icons.sightings import looked
from grounding.icons.stats import Stats
from grounding.icons.store import Store, replacing
from grounding.icons.table import Table
from grounding.records import provenance
from grounding.samples import Lines, publish_document
from infra.blobs import Blobs
from infra.errors import Corrupt, HostileInput, NotFound
from infra.progress import Progress


def directory(home: Path) -> Path:
    """Where the icon table and its samples lie."""
    return home / "samples" / "icons"


def build(
    home: Path,
    trees: Callable[[], Sequence[Tree]],
    workers: int,
    progress: Progress,
    *,
    allow_stand_ins: bool = False,
) -> Stats:
    """Build the table of the recordings under `home` and of `trees`. Raises Conflict."""
    with replacing(directory(home)) as store:
        work = _Build(home, store, allow_stand_ins)
        read = trees()
        work.licences(read)
        work.gatherer.themes(read, workers, progress)
        progress.say("looking at recordings")
        for path in reader.directories(home):
            work.recording(path)
            progress.advance()
        progress.say("writing")
        work.write()
    return work.stats


class _Build:
    """One build's state."""

    def __init__(self, home: Path, store: Store, allow_stand_ins: bool) -> None:
        self.stats = Stats()
        self.gatherer = Gatherer(store, self.stats, Table(), {})
        self._home, self._store, self._allow = home, store, allow_stand_ins
        self._blobs = Blobs(home / "blobs")
        self._seen = screens.Seen()
        self._shown: list[samples.Shown] = []

    def licences(self, trees: Sequence[Tree]) -> None:
        """Keep the text behind each licence, so that rows can be traced without their packages."""
        for sha256, text in sorted({k: v for tree in trees for k, v in tree.texts.items()}.items()):
            path = self._store.root / "licences" / f"{sha256}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text)

    def recording(self, path: Path) -> None:
        """Add the icons of one recording, or count why not."""
        self.stats.read["recordings"] += 1
        try:
            recording = reader.read(path)
            refused = None if self._allow else screens.why_not_recording(recording.header)
            if refused is None:
                self._screens(recording)
        except (Corrupt, NotFound, HostileInput) as error:
            refused = error.kind
        if refused is not None:
            self.stats.dropped[f"recording {refused}"] += 1

    def _screens(self, recording: Recording) -> None:
        header = recording.header
        for shown in looked(recording, self._blobs, self._seen, self.stats.dropped):
            self.stats.read["screens"] += 1
            place: dict[str, Any] = {
                "episode_id": header.episode_id,
                "observation": shown.ref.number,
                "platform": header.env.platform,
                "screen": None,
            }
            if shown.fresh and shown.icons:
                pixels = shown.scene.pixels
                place["screen"] = self._store.put_screen(shown.ref.screen.sha256, pixels)
            found = self.gatherer.screen(shown, place)
            if place["screen"] is not None:
                screen = shown.scene.screen
                self._shown.append(
                    samples.Shown(
                        f"{header.episode_id}-{shown.ref.number:04d}",
                        place["screen"],
                        (screen.width, screen.height),
                        header.env.platform,
                        tuple(found),
                        shown.names,
                        provenance(header),
                    )
                )

    def write(self) -> None:
        """The table, the samples, the page, the counts."""
        root, table = self._store.root, self.gatherer.table
        with Lines(root / "meanings.jsonl") as lines:
            shared: dict[str, list[str]] = {}
            for row in table.concepts():
                lines.add(row)
                for icon in row["icons"]:
                    shared.setdefault(icon, []).append(row["id"])
        self.stats.concepts = lines.count
        self.stats.count(table)
        with Lines(root / "icons.jsonl") as lines:
            for icon in table.icons:
                lines.add(icon.as_record(shared.get(icon.id, ())))
        write_dialects(self._store, samples.write(self._store, table, self._shown, self.stats))
        sheet.write(self._store, table)
        publish_document(root / "stats.json", self.stats.as_record())
