"""A recording is done again on a fresh machine of its kind, and it is said where that parted."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import jsonschema
import pytest

from collector.cli.main import main
from collector.episode import run_episode
from collector.episode.header import Order, header_for
from collector.explore import Choice, Done, Walk
from collector.explore.base import Policy
from collector.replay import Report, fresh, replay
from collector.replay.beginning import begin
from envs import actions as a
from envs.base import Env
from envs.fake import fake
from envs.recording import reader
from envs.recording.types import Recording, Step
from envs.recording.verify import Verifier
from envs.recording.writer import Recorder
from envs.types import Element, Observation
from infra.clock import Clock, FakeClock, SystemClock
from infra.errors import Unavailable
from infra.ids import RandomIds
from tests.house.source import ROOT

SCHEMA = json.loads((ROOT / "collector/cli/schemas/episode.json").read_text())["$defs"]["replay"]


class Script:
    """Presses the elements of these names, one after the other; an action stands for itself."""

    name = "script"
    parameters: Mapping[str, object] = MappingProxyType({})

    def __init__(self, *moves: str | a.Action) -> None:
        self._moves = moves

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        if len(history) >= len(self._moves):
            return Done()
        move = self._moves[len(history)]
        if isinstance(move, a.Action):
            return Choice(move, None, "asked for")
        element = next(e for e in observation.tree.elements if e.name == move and e.box)
        assert element.box is not None
        return Choice(a.Click(*element.box.centre), element.id, f"presses {move}")


def record(
    home: Path, machine: Env, policy: Policy, clock: Clock, steps: int = 12, goal: str = ""
) -> Recording:
    ids = RandomIds(clock, random.Random(3))
    header = header_for(machine, policy, Order(fence=1, isolated=True, goal=goal), ids, clock)
    recorder = Recorder(home, header, clock)
    run_episode(machine, policy, recorder, clock, steps, lambda: False, ids=ids)
    machine.close()
    return reader.read(recorder.directory)


def again(home: Path, was: Recording, clock: Clock, **how: object) -> Report:
    ids = RandomIds(clock, random.Random(9))
    directory = home / "recordings" / was.header.episode_id
    return replay(directory, home, clock, ids, **how)  # type: ignore[arg-type]


@pytest.fixture
def walked(tmp_path: Path) -> tuple[Path, Recording]:
    clock = FakeClock()
    machine = fake(seed=4, clock=clock)
    walk = Walk(4, isolated=True, performs=machine.capabilities.actions)
    return tmp_path, record(tmp_path, machine, walk, clock)


def on_seed(seed: int, clock: Clock) -> Callable[[object], Env]:
    return lambda _header: fake(seed=seed, clock=clock)


def test_on_a_machine_that_begins_the_same_every_step_is_the_same(walked):
    home, was = walked
    clock = FakeClock()
    report = again(home, was, clock, open_machine=on_seed(4, clock))
    assert report.is_same, report
    assert report.replayed == len(was.steps) == report.recorded
    jsonschema.validate(json.loads(json.dumps(report.as_record())), SCHEMA)


def test_the_replay_is_a_whole_recording_that_names_the_original(walked):
    home, was = walked
    clock = FakeClock()
    report = again(home, was, clock, open_machine=on_seed(4, clock))
    directory = home / "recordings" / report.replay
    assert Verifier().verify(directory).is_whole
    header = reader.read(directory).header
    assert header.explorer == "replay"
    assert header.parameters["replays"] == was.header.episode_id
    assert header.env.stand_in


def test_on_another_machine_it_stops_before_anything_is_pressed(walked):
    home, was = walked
    clock = FakeClock()
    machine = fake(seed=5, clock=clock)
    report = again(home, was, clock, open_machine=lambda _header: machine)
    assert (report.diverged_at, report.why, report.replayed) == (0, "another state", 0)
    assert machine.applied == 0


def test_told_to_keep_going_it_does_every_step_and_still_says_where(walked):
    home, was = walked
    clock = FakeClock()
    report = again(home, was, clock, open_machine=on_seed(5, clock), keep_going=True)
    assert report.replayed == len(was.steps)
    assert report.diverged_at == 0


class Deaf:
    """A machine on which presses stop to do anything after the first few."""

    def __init__(self, env: Env, hears: int) -> None:
        self._env, self._hears = env, hears

    def __getattr__(self, name: str) -> object:
        return getattr(self._env, name)

    def act(self, action: a.Action, step_id: str, fence: int) -> object:
        self._hears -= 1
        return self._env.act(action if self._hears >= 0 else a.Wait(0.0), step_id, fence)


def test_a_step_that_did_something_else_is_where_it_parted(walked):
    home, was = walked
    did = [s.index for s in was.steps if s.effect.appeared or s.effect.vanished]
    first = did[0]
    clock = FakeClock()
    machine = Deaf(fake(seed=4, clock=clock), first)
    report = again(home, was, clock, open_machine=lambda _header: machine)
    assert (report.diverged_at, report.why) == (first, "another effect")
    assert report.steps[first].was != report.steps[first].came


def test_a_last_word_of_the_recording_is_not_done_again_and_parts_nothing(tmp_path):
    clock = FakeClock()
    was = record(tmp_path, fake(seed=4, clock=clock), Script(a.Wait(0.1), a.Terminate()), clock)
    assert was.steps[0].action.name == "wait"
    report = again(tmp_path, was, clock, open_machine=on_seed(4, clock))
    assert report.is_same
    assert report.replayed == 1


def test_a_machine_that_began_in_a_frozen_state_cannot_be_had(walked):
    _, was = walked
    parameters = {**was.header.parameters, "origin": "ep-9#3"}
    with pytest.raises(Unavailable, match="frozen state"):
        fresh.settings_of(replace(was.header, parameters=parameters))


def test_the_command_says_it_and_its_code_is_the_verdict(walked, monkeypatch, capsys):
    home, was = walked
    monkeypatch.setenv("TRAWL_HOME", str(home))
    assert main(["episode", "replay", was.header.episode_id, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, SCHEMA)
    assert told["diverged_at"] is None
    assert main(["episode", "replay", told["replay"]]) == 0
    assert "diverged  nowhere" in capsys.readouterr().out
    assert main(["episode", "replay", "ep-none", "--json"]) == 3


@pytest.mark.browser
def test_a_page_goes_the_same_way_again_and_another_site_does_not(tmp_path):
    from envs.web import WebEnv, WebSettings

    clock = SystemClock()

    machine = WebEnv(WebSettings(start="settings", seed=3))
    box = _first(machine, "button", "link")
    was = record(tmp_path, machine, Script(box.name, a.Press(("tab",))), clock)
    assert len(was.steps) == 2
    assert again(tmp_path, was, clock).is_same
    other = WebSettings(start="wiki", seed=3)
    report = again(tmp_path, was, clock, open_machine=lambda _header: WebEnv(other))
    assert (report.diverged_at, report.why) == (0, "another state")


@pytest.mark.browser
def test_a_task_is_set_up_again_before_it_is_done_again(tmp_path):
    from collector.explore.start import Start
    from collector.explore.tasks import Tasks
    from envs.web import WebEnv, WebSettings

    clock = SystemClock()
    machine = WebEnv(WebSettings(start="shop", seed=3))
    policy = Tasks(Start(5, "web", performs=machine.capabilities.actions))
    policy.prepare(machine, 1, RandomIds(clock))
    was = record(tmp_path, machine, policy, clock, steps=20, goal=policy.goal)
    report = again(tmp_path, was, clock)
    assert was.steps[-1].action.name == "terminate"
    assert report.replayed == len(was.steps) - 1
    assert report.is_same, report
    spare = WebEnv(WebSettings(start="shop", seed=3))
    moved = replace(was.header, goal="Something that no seed draws.")
    with pytest.raises(Unavailable, match="can no longer be set up"):
        begin(moved, spare, 1, RandomIds(clock))
    spare.close()


def _first(machine: Env, *roles: str) -> Element:
    """The first named element of such a role."""
    return next(e for e in machine.tree().elements if e.role in roles and e.name and e.box)


@pytest.mark.machine
def test_a_desktop_goes_the_same_way_again_on_another_fork(tmp_path, machine):
    clock = SystemClock()
    moves = Script(a.RightClick(900, 600), a.Press(("esc",)))
    was = record(tmp_path, machine(), moves, clock)
    # On a busy host the menu may come after the step was taken to be over, then or now.
    report = again(tmp_path, was, clock, open_machine=lambda _header: machine(), keep_going=True)
    assert report.replayed == 2
    assert report.steps[0].same_state, report
