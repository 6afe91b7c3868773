from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from collector.episode import Pace, run_episode
from collector.episode.header import Order, header_for
from collector.explore import Choice, Done, Walk
from envs.actions import Click, Wait
from envs.fake import Faults, fake
from envs.fake.machine import FakeEnv
from envs.recording import reader
from envs.recording.types import Close, Recording, Step
from envs.recording.verify import Verifier
from envs.recording.writer import Recorder
from envs.types import Observation
from infra.clock import FakeClock, SystemClock
from infra.ids import RandomIds

QUICK = Pace(between_s=0, reaction_s=0.01, gap_s=0.002, settle_s=0.1)


class Run:
    """One episode on a fake machine, and what became of it."""

    def __init__(self, home: Path, faults: Faults | None = None, seed: int = 1) -> None:
        self.clock = FakeClock()
        self.env = fake(seed=seed, faults=faults or Faults(), clock=self.clock)
        self.ids = RandomIds(self.clock, random.Random(seed))
        self.policy = Walk(seed, isolated=True, performs=self.env.capabilities.actions)
        header = header_for(self.env, self.policy, Order(seed=seed), self.ids, self.clock)
        self.recorder = Recorder(home, header, self.clock)
        self.told: list[Step] = []

    def go(self, steps: int = 6, stop: Callable[[], bool] = lambda: False) -> Close:
        return run_episode(
            self.env,
            self.policy,
            self.recorder,
            self.clock,
            steps,
            stop,
            ids=self.ids,
            told=self.told.append,
        )

    def recording(self) -> Recording:
        assert Verifier().verify(self.recorder.directory).is_whole
        return reader.read(self.recorder.directory)


def test_an_episode_on_a_healthy_machine_completes(tmp_path: Path) -> None:
    run = Run(tmp_path)
    close = run.go(20)
    recording = run.recording()
    assert (close.status, close.steps) == ("completed", 20)
    assert list(recording.steps) == run.told
    assert recording.close == close
    assert all(step.before.stable for step in recording.steps)
    assert sum(step.effect.did_anything for step in recording.steps) > 10
    assert run.env.applied == sum(s.result.outcome == "applied" for s in recording.steps)
    assert recording.header.env.stand_in


def test_the_same_seed_gives_the_same_episode(tmp_path: Path) -> None:
    one, two = Run(tmp_path / "a"), Run(tmp_path / "b")
    one.go(15)
    two.go(15)
    assert one.recording() == two.recording()


def test_a_lost_answer_ends_the_episode_tainted_and_is_not_retried(tmp_path: Path) -> None:
    run = Run(tmp_path, Faults(loses_outcomes=True))
    close = run.go()
    recording = run.recording()
    assert (close.status, close.steps) == ("tainted", 0)
    assert run.env.applied == 1
    assert recording.pending is not None
    assert recording.pending.result is not None
    assert recording.pending.result.outcome == "unknown"


@pytest.mark.parametrize("calls", range(14))
def test_a_machine_that_dies_at_any_call_closes_as_lost(tmp_path: Path, calls: int) -> None:
    run = Run(tmp_path, Faults(dies_after=calls))
    close = run.go()
    recording = run.recording()
    assert close.status == "infra_lost"
    assert len(recording.steps) == close.steps == len(run.told)


def test_a_machine_that_hangs_in_an_action_leaves_it_unknown(tmp_path: Path) -> None:
    run = Run(tmp_path, Faults(hangs_after=4))
    assert run.go().status == "tainted"
    pending = run.recording().pending
    assert pending is not None
    assert pending.result is not None
    assert pending.result.outcome == "unknown"


def test_a_machine_that_hangs_while_it_is_read_is_lost(tmp_path: Path) -> None:
    run = Run(tmp_path, Faults(hangs_after=5))
    assert run.go().status == "infra_lost"


def test_trees_that_never_agree_are_recorded_as_not_stable(tmp_path: Path) -> None:
    run = Run(tmp_path, Faults(never_stable=True))
    assert run.go(3).status == "completed"
    assert not any(seen.stable for seen in run.recording().observations())
    assert run.recording().steps[0].before.tries == Pace().tries


def test_a_screen_that_never_rests_is_recorded_as_not_settled(tmp_path: Path) -> None:
    run = Run(tmp_path, Faults(restless_screen=True))
    run.go(3)
    steps = run.recording().steps
    assert not any(step.settled for step in steps)
    assert all(step.settle_s >= Pace().settle_s for step in steps)


def test_a_deaf_machine_did_nothing(tmp_path: Path) -> None:
    run = Run(tmp_path, Faults(deaf=True))
    run.go(5)
    steps = run.recording().steps
    assert not any(step.effect.did_anything for step in steps)
    assert all(step.settled and step.settle_s < 1 for step in steps)


def test_stopping_closes_the_episode_as_interrupted(tmp_path: Path) -> None:
    run = Run(tmp_path)
    close = run.go(50, lambda: len(run.told) >= 3)
    assert (close.status, close.steps) == ("interrupted", 3)
    assert run.recording().pending is None


class Rude:
    """A policy that raises what it was given after some steps."""

    name = "rude"

    def __init__(self, error: BaseException, after: int = 2) -> None:
        self.parameters: dict[str, object] = {}
        self.error, self.after = error, after

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        del observation
        if len(history) >= self.after:
            raise self.error
        return Choice(Click(2000 if history else 5, 5))


def test_ctrl_c_closes_the_episode_and_is_passed_on(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.policy = Rude(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run.go()
    close = run.recording().close
    assert close is not None
    assert (close.status, close.steps) == ("interrupted", 2)


def test_an_error_of_ours_closes_the_episode_as_failed_and_is_raised(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.policy = Rude(ZeroDivisionError("ours"))
    with pytest.raises(ZeroDivisionError):
        run.go()
    close = run.recording().close
    assert close is not None
    assert close.status == "failed"
    assert "ZeroDivisionError" in close.reason


def test_an_action_that_is_refused_is_a_step_that_did_nothing(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.policy = Rude(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run.go()
    refused = run.recording().steps[1]
    assert refused.result.outcome == "rejected"
    assert "not on the screen" in refused.result.reason
    assert not refused.effect.did_anything


def test_a_policy_with_nothing_to_do_completes(tmp_path: Path) -> None:
    run = Run(tmp_path)

    class Content(Rude):
        def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
            return Done("all was seen") if history else Choice(Wait(0.1))

    run.policy = Content(KeyboardInterrupt())
    close = run.go()
    assert (close.status, close.reason, close.steps) == ("completed", "all was seen", 1)


def _episode_that_is_killed(home: Path, told: Path) -> None:
    clock = SystemClock()
    env: FakeEnv = fake(seed=2, clock=clock)
    policy = Walk(2, isolated=True)
    recorder = Recorder(home, header_for(env, policy, Order(), RandomIds(), clock), clock)

    def tell(step: Step) -> None:
        with told.open("a") as out:
            out.write(f"{step.step_id}\n")
            out.flush()
            os.fsync(out.fileno())

    run_episode(env, policy, recorder, clock, 10_000, lambda: False, told=tell, pace=QUICK)


@pytest.mark.parametrize("after_s", [0.4, 0.63, 0.91])
def test_a_killed_collector_loses_nothing_acknowledged(tmp_path: Path, after_s: float) -> None:
    told = tmp_path / "told"
    pid = os.fork()
    if pid == 0:
        _episode_that_is_killed(tmp_path, told)
        os._exit(0)
    timer = threading.Timer(after_s, os.kill, (pid, signal.SIGKILL))
    start = time.monotonic()
    while not told.exists() and time.monotonic() - start < 30:
        time.sleep(0.02)
    timer.start()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    timer.join()
    (directory,) = reader.directories(tmp_path)
    report = Verifier().verify(directory)
    recording = reader.read(directory)
    assert report.is_whole
    assert recording.close is None
    acknowledged = told.read_text().split()
    assert acknowledged
    assert [s.step_id for s in recording.steps][: len(acknowledged)] == acknowledged
    assert len(recording.steps) <= len(acknowledged) + 1
