"""The life of a step, repeated: observe, choose, write the intent, act once, settle, commit.

An action is applied at most once per step id. Where its answer is lost the outcome is `unknown`,
the episode ends `tainted` and nothing is tried again. However an episode ends, its recording is
closed with a status that says so; a process that dies instead leaves an exact prefix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from collector.episode.aim import truth
from collector.episode.effect import effect
from collector.episode.meter import Meter, Stopwatch, Unmeasured
from collector.episode.observing import Pace, Rest, Seen, observe, settle
from collector.episode.watched import Watched
from collector.explore.base import Choice, Done, Policy
from envs.acting import SAID
from envs.actions import Action, Terminate
from envs.base import ActResult, Env, Observes
from envs.recording.types import Close, CloseStatus, Step
from envs.recording.writer import Recorder
from envs.types import Observation
from infra.clock import Clock
from infra.disk import is_full
from infra.errors import (
    ActionRejected,
    DeadlineExceeded,
    HostileInput,
    InfraLost,
    Interrupted,
    TrawlError,
)
from infra.ids import Ids, RandomIds

AIMS = 3
"""Times a policy is asked for something that is not covered; then it presses what is there."""
EPISODE = "episode"
"""The way of an action that no machine performs: it is said of the episode."""
Stop = Callable[[], bool]
Told = Callable[[Step], None]


def run_episode(
    env: Env,
    policy: Policy,
    recorder: Recorder,
    clock: Clock,
    steps: int,
    stop: Stop,
    *,
    ids: Ids | None = None,
    told: Told | None = None,
    pace: Pace | None = None,
    meter: Meter | None = None,
) -> Close:
    """Take up to `steps` steps and close the recording; the machine is left as it is.

    `stop` is asked between steps, and heeded within one that takes long; `told` hears of each step
    once it is committed, `meter` of where the time went. Errors of the machine end the episode and
    are its status; errors of ours close it as failed and are raised.
    """
    looks, meter = Watched(env, stop, clock), meter or Unmeasured()
    episode = _Episode(
        env,
        looks,
        policy,
        recorder,
        clock,
        ids or RandomIds(clock),
        told or _nobody,
        pace or Pace(),
        Stopwatch(meter, clock),
    )
    with recorder:
        try:
            status, reason = episode.run(steps, stop)
        except (InfraLost, DeadlineExceeded) as error:
            return recorder.close("infra_lost", str(error))
        except Interrupted as error:
            return recorder.close("interrupted", str(error))
        except OSError as error:
            return recorder.close("infra_lost" if is_full(error) else "failed", str(error))
        except TrawlError as error:
            if isinstance(error, HostileInput):
                meter.hostile()
            return recorder.close("failed", str(error))
        except (KeyboardInterrupt, SystemExit):
            recorder.close("interrupted", "the process was told to stop")
            raise
        except BaseException as error:
            recorder.close("failed", f"{type(error).__name__}: {error}")
            raise
        return recorder.close(status, reason)


def _nobody(step: Step) -> None:
    """The listener of an episode that nobody follows."""


@dataclass(slots=True)
class _Episode:
    """One episode while it goes on."""

    env: Env
    looks: Observes
    policy: Policy
    recorder: Recorder
    clock: Clock
    ids: Ids
    told: Told
    pace: Pace
    watch: Stopwatch
    history: list[Step] = field(default_factory=list)

    def run(self, steps: int, stop: Stop) -> tuple[CloseStatus, str]:
        """Take the steps; how it ended and why."""
        with self.watch.step():
            seen = self._look()
            with self.watch.on("store"):
                self.recorder.first(seen.observation, seen.also)
        for _ in range(steps):
            if stop():
                return "interrupted", "it was told to stop"
            with self.watch.step():
                with self.watch.on("decide"):
                    choice = self._choose(seen.observation)
                if isinstance(choice, Done):
                    return "completed", choice.why
                result = self._act(choice)
                if result.outcome == "unknown":
                    return "tainted", result.reason or "the answer was lost"
                seen = self._commit(seen, result)
            if isinstance(choice.action, Terminate):
                return "completed", choice.why
        return "completed", ""

    def _look(self) -> Seen:
        with self.watch.on("observe"):
            return observe(self.looks, self.clock, self.pace)

    def _choose(self, observation: Observation) -> Choice | Done:
        """What the policy wants; it is asked again where something lies over what it aimed at."""
        for _ in range(AIMS):
            wanted = self.policy.choose(observation, self.history)
            if isinstance(wanted, Done):
                return wanted
            choice = truth(wanted, observation.tree, self.env)
            if choice.element_id == wanted.element_id:
                break
        return choice

    def _act(self, choice: Choice) -> ActResult:
        """Write the intent, perform the action once, write what is known of it."""
        step_id = self.ids.new("st")
        start = self.clock.now_ns()
        with self.watch.on("store"):
            self.recorder.intent(step_id, choice.action, choice.element_id, choice.why)
        lost: TrawlError | None = None
        try:
            with self.watch.on("act"):
                result = self._perform(choice.action, step_id)
        except ActionRejected as error:
            result = ActResult("rejected", str(error), start, self.clock.now_ns())
        except DeadlineExceeded as error:
            result = ActResult("unknown", str(error), start, self.clock.now_ns())
        except (InfraLost, HostileInput) as error:
            lost = error
            result = ActResult("unknown", str(error), start, self.clock.now_ns())
        with self.watch.on("store"):
            self.recorder.result(result)
        if lost is not None:
            raise lost
        return result

    def _perform(self, action: Action, step_id: str) -> ActResult:
        """Have the machine do it; what only ends or talks about the episode asks it nothing."""
        if action.name in SAID:
            now = self.clock.now_ns()
            return ActResult("applied", "", now, now, EPISODE)
        return self.env.act(action, step_id, self.recorder.header.fence)

    def _commit(self, before: Seen, result: ActResult) -> Seen:
        """Let the machine come to rest, look, and make the step durable."""
        rest = Rest(0.0, reached=True)
        if result.outcome == "applied" and result.path != EPISODE:
            with self.watch.on("settle"):
                rest = settle(self.looks, before.observation.screen, self.clock, self.pace)
        after = self._look()
        with self.watch.on("store"):
            step = self.recorder.commit(
                after.observation,
                effect(before.observation, after.observation),
                settle_s=rest.took_s,
                settled=rest.reached,
                also=after.also,
            )
        self.history.append(step)
        self.told(step)
        return after
