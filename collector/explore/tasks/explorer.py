"""The explorer `tasks`: one scripted goal an episode, played by intents and judged by its check.

Before the first look it draws a task that fits the machine and sets the machine up; that is no
part of the recording. At the end it reads the machine's state and terminates with the verdict.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, runtime_checkable

from collector.explore.base import Choice, Done
from collector.explore.start import Start
from collector.explore.tasks.catalogue import TASKS
from collector.explore.tasks.stage import AstrayError, Stage
from collector.explore.tasks.state import State, Verdict
from collector.explore.tasks.task import Opening, Setting, Task, Values
from envs import actions as do
from envs.base import Env, Installs
from envs.recording.types import Step
from envs.types import Observation
from infra.ids import Ids

WAITS: Final = {"web": 8, "desktop": 30}
"""Waits for something late, half a second in a page, two where a program starts under emulation."""
PATIENCE: Final = {"web": 1, "desktop": 6}
"""Times that a check which fails is asked again, two seconds later: saving takes a while."""
BOX: Final = (30, 30, 1100, 640)
"""Where a task's program is put: left, top, width, height; a little elsewhere by the seed."""


@runtime_checkable
class Opens(Protocol):
    """A machine that starts programs by their desktop ids."""

    def open_program(
        self, app: str, file: str = "", box: tuple[int, int, int, int] | None = None
    ) -> str:
        """Start one, with a file of the documents, its window at a box."""
        ...


class Tasks:
    """A policy with a goal; `only` names the one task it takes instead of drawing one."""

    name = "tasks"

    def __init__(self, start: Start, only: str = "") -> None:
        self._start, self._only = start, only
        self._rng = random.Random(f"tasks {start.seed}")  # noqa: S311 - variety, not secrecy
        self._task: Task | None = None
        self._setting = Setting(self._rng)
        self._values: Values = {}
        self._machine: Env | None = None
        self._stage = Stage(self._rng, start.family, "en", WAITS["web"])
        self._play: Iterator[Choice] = iter(())
        self._asked_at = -1
        self._choice: Choice | Done = Done()
        self._astray = ""
        self._rechecks = 0

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The task, its goal in both languages, and its values in words."""
        task = self._task
        if task is None:
            return {"seed": self._start.seed, "task": ""}
        goals = {lang: task.goal_in(lang, self._values) for lang in ("en", "zh")}
        return {"seed": self._start.seed, "task": task.id, "where": task.where, "goals": goals}

    @property
    def goal(self) -> str:
        """The goal in the machine's language; empty where no task fits it."""
        task = self._task
        return "" if task is None else task.goal_in(self._setting.language, self._values)

    # --- set-up --------------------------------------------------------------------------------

    def prepare(self, machine: Env, fence: int, ids: Ids) -> None:
        """Draw a task for the machine and set it up. Raises what the machine raises."""
        self._machine = machine
        self._setting = setting_of(machine, self._rng)
        fitting = [task for task in TASKS.values() if fits(task, machine)]
        if self._only:
            fitting = [task for task in fitting if task.id == self._only]
        if not fitting:
            return
        self._task = task = self._rng.choice(fitting)
        self._values = task.draw(self._setting)
        self._stage = Stage(self._rng, task.family, self._setting.language, WAITS[task.family])
        self._rechecks = PATIENCE[task.family]
        opening = task.opening(self._setting, self._values)
        if opening.address:
            machine.act(do.Goto(opening.address), ids.new("st"), fence)
        else:
            set_up(machine, opening, self._rng)
        self._play = self._played(task)

    def _played(self, task: Task) -> Iterator[Choice]:
        for intent in task.steps(self._values):
            yield from intent.play(self._stage)

    # --- playing -------------------------------------------------------------------------------

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        """The next choice of the play, then the verdict; asked again, it answers the same."""
        if len(history) == self._asked_at:
            return self._choice
        self._asked_at = len(history)
        self._choice = self._next(observation, history)
        return self._choice

    def _next(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        if self._task is None:
            return Done("no task fits this machine")
        if history and history[-1].action.name == do.Terminate.name:
            return Done(history[-1].why)
        self._stage.look(observation)
        try:
            if not self._is_last(history) and (choice := next(self._play, None)) is not None:
                return choice
        except AstrayError as error:
            self._astray, self._play = str(error), iter(())
        return self._judged(hurried=bool(self._astray) or self._is_last(history))

    def _is_last(self, history: Sequence[Step]) -> bool:
        """Whether the episode has room for the verdict only."""
        return 0 < self._start.steps <= len(history) + 1

    def _judged(self, *, hurried: bool) -> Choice:
        """Read the machine: the verdict, or some more time for what may be under way."""
        said = self.verdict()
        if not said.ok and self._rechecks > 0 and not hurried:
            self._rechecks -= 1
            return Choice(do.Wait(2.0), None, "gives it time")
        reason = f"{said.reason}; {self._astray}" if self._astray else said.reason
        words = "the goal is reached" if said.ok else "the goal is missed"
        return Choice(do.Terminate("success" if said.ok else "failure"), None, f"{words}: {reason}")

    def verdict(self) -> Verdict:
        """What the check says of the machine now."""
        assert self._task is not None
        assert self._machine is not None
        return self._task.check(State(self._machine), self._values)


def setting_of(machine: Env, rng: random.Random) -> Setting:
    """What tasks are drawn for on that machine."""
    extra = machine.info.extra
    language = "zh" if str(extra.get("locale", "")).startswith("zh") else "en"
    return Setting(rng, language, int(extra.get("seed", 0)), str(extra.get("theme", "light")))


def fits(task: Task, machine: Env) -> bool:
    """Whether the machine has what the task is about."""
    if task.family != machine.capabilities.family:
        return False
    if task.family == "web":
        return bool(machine.info.extra.get("pages"))
    return isinstance(machine, Opens)


def set_up(machine: Env, opening: Opening, rng: random.Random) -> None:
    """Put the files and open the program."""
    assert isinstance(machine, Installs)
    assert isinstance(machine, Opens)
    for name, data in opening.files.items():
        machine.put_file(name, data)
    left, top, width, height = BOX
    box = (left + rng.randrange(100), top + rng.randrange(60), width, height)
    machine.open_program(opening.app, opening.file, box if opening.is_placed else None)
