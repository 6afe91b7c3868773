"""Recordings to samples: dense grounding, trajectories, goals, their screens, and the counts.

A build is a function of the recordings: built again it gives the same bytes. It reads recordings
and writes `samples/agent`; a recording it cannot read is counted and left, never a reason to stop.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from envs.recording import reader
from envs.recording.types import ObservationRef, Recording
from envs.tree.audit import unaudited
from grounding import screens
from grounding.effects import Effects
from grounding.goals import cuts
from grounding.records import record
from grounding.referring.functions import candidates, learn
from grounding.referring.speak import Spoken
from grounding.samples import Lines, Screens, publish_document
from grounding.scene import Known, Scene
from grounding.spool import Spool
from grounding.stats import Stats
from grounding.stored import Stored
from grounding.trajectories import of_goal, trajectory
from grounding.view import View
from infra.blobs import Blobs
from infra.errors import Corrupt, HostileInput, NotFound
from infra.files import exclusive
from infra.garbage import seldom_searched
from infra.progress import Progress

DRAWN: Final = "dialects"
"""Where `grounding.export` writes what it draws from a build; a new build removes it."""


def directory(home: Path) -> Path:
    """Where the samples of agents lie."""
    return home / "samples" / "agent"


def build(
    home: Path,
    progress: Progress,
    *,
    allow_stand_ins: bool = False,
    recordings: Path | None = None,
) -> Stats:
    """Ground every recording under `home`. Raises Conflict while another build runs.

    `recordings` is the home that they are read from, where it is another than the samples'.
    Recordings of stand-ins are refused and counted; tests of the pipeline itself allow them.
    """
    out = directory(home)
    out.mkdir(parents=True, exist_ok=True)
    with exclusive(out / ".lock", "the grounding build"), seldom_searched():
        work = _Build(recordings or home, out, allow_stand_ins)
        work.run(progress)
    return work.stats


class _Build:
    """One build's state: what is open, what was seen, what was counted."""

    def __init__(self, home: Path, out: Path, allow_stand_ins: bool) -> None:
        self.stats = Stats()
        self._home, self._out = home, out
        self._allow = allow_stand_ins
        self._blobs = Blobs(home / "blobs")
        self._seen = screens.Seen()
        self._known = Known()
        self._shown: set[str] = set()

    def run(self, progress: Progress) -> None:
        with ExitStack() as stack:
            self._grounding = stack.enter_context(Lines(self._out / "grounding.jsonl"))
            self._spool = stack.enter_context(Spool(self._out))
            self._trajectories = stack.enter_context(Lines(self._out / "trajectories.jsonl"))
            self._goals = stack.enter_context(Lines(self._out / "goals.jsonl"))
            for path in reader.directories(self._home):
                self._recording(path)
                progress.advance()
            for finished in self._spool.records():
                self._grounding.write(finished.line)
                self.stats.count_functions(finished.taught)
            Screens(self._out).take(self._shown, self._blobs)
        shutil.rmtree(self._out / DRAWN, ignore_errors=True)
        publish_document(self._out / "stats.json", self.stats.as_record())

    def _recording(self, path: Path) -> None:
        """Ground one episode, or count why not."""
        self.stats.recordings += 1
        try:
            recording = reader.read(path)
        except (Corrupt, NotFound, HostileInput) as error:
            self.stats.refused[error.kind] += 1
            return
        refused = None if self._allow else screens.why_not_recording(recording.header)
        if refused or recording.first is None:
            self.stats.refused[refused or "no_observation"] += 1
            return
        try:
            self._episode(_Episode(recording, self._blobs, self._known))
        except (Corrupt, NotFound, HostileInput) as error:
            self.stats.refused[f"blob_{error.kind}"] += 1

    def _episode(self, episode: _Episode) -> None:
        """All of an episode is read before any of it is written, so that none is half there."""
        looks = [(ref, episode.look(ref)) for ref in episode.recording.observations()]
        errors = sum(screens.shows_an_error_page(v.scene.observation) for _, v in looks)
        if 2 * errors > len(looks):
            self.stats.refused["error_pages"] += 1
            return
        self._shown.update(view.image for _, view in looks)
        doubtful = unaudited([ref.tree for ref, _ in looks])
        for place, (ref, view) in enumerate(looks):
            self._screen(episode.recording, ref, view, doubtful=place in doubtful)
        if episode.recording.steps:
            self._trajectory(episode, looks[-1][1].image)

    def _screen(
        self, recording: Recording, ref: ObservationRef, view: View, *, doubtful: bool
    ) -> None:
        self.stats.screens += 1
        reason = screens.why_not_screen(ref, doubtful=doubtful) or _why_not_scene(view)
        if reason is None and not self._seen.is_new(
            recording.header.env.platform, view.scene.observation
        ):
            reason = "seen_before"
        if reason is not None:
            self.stats.left_out[reason] += 1
            return
        name = f"{recording.header.episode_id}-{ref.number:04d}"
        row = record(name, recording.header, view)
        self._spool.add(_run_of(recording), row, candidates(view.found))
        self.stats.count_screen(recording.header.env, row, view.found)

    def _trajectory(self, episode: _Episode, final_image: str) -> None:
        recording = episode.recording
        effects = Effects(lambda ref: episode.look(ref).scene)
        self._spool.learn(
            _run_of(recording), learn(recording.header.episode_id, recording.steps, effects)
        )
        told = trajectory(episode.recording, episode.look, effects, final_image)
        self._trajectories.add(told.trajectory)
        self.stats.count_trajectory(told.trajectory)
        self.stats.thought_flags.update(told.flags)
        self.stats.thoughts_mended.update(told.mended)
        made = cuts(episode.recording, effects)
        self.stats.count_cuts(made)
        for cut in made.cuts:
            self._goals.add(of_goal(episode.recording, cut, episode.look, effects).trajectory)


def _run_of(recording: Recording) -> str:
    """What an episode shares its knowledge with: its run, else only itself."""
    return recording.header.run_id or recording.header.episode_id


def _why_not_scene(view: View) -> str | None:
    """The reason a screen is not grounded, from what it shows."""
    if screens.shows_an_error_page(view.scene.observation):
        return "error_page"
    return None if view.found.kept else "no_element"


class _Episode:
    """A recording with each of its observations looked at once."""

    def __init__(self, recording: Recording, blobs: Blobs, known: Known) -> None:
        self.recording = recording
        self._stored = Stored(blobs)
        self._known, self._spoken = known, Spoken()
        self._looks: dict[int, View] = {}
        self._alike: dict[tuple[str, str, str], View] = {}

    def look(self, ref: ObservationRef) -> View:
        """The view of an observation."""
        if ref.number not in self._looks:
            self._looks[ref.number] = self._view(ref)
        return self._looks[ref.number]

    def _view(self, ref: ObservationRef) -> View:
        """Worked out anew only where no earlier observation has this tree and these pixels."""
        key = ref.tree.sha256, ref.screen.sha256, ref.tree.source.partition("-")[0]
        observation = self._stored.observation(ref)
        if key in self._alike:
            return self._alike[key].at(observation)
        scene = Scene(observation, self._known)
        view = self._alike[key] = View.of(scene, ref.screen.sha256, self._spoken)
        return view
