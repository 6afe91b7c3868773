"""Forks of the desktop's template, a program of the image in front of each, elements pressed in it."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import envs
import grounding
from collector import precision
from collector.precision.kept import Kept
from collector.precision.presses import Key, Pressed, Presser
from collector.precision.sharing import Quota, Stop, side_by_side
from envs.ubuntu import template as templates
from envs.ubuntu import wake
from envs.ubuntu.machine import UbuntuEnv
from envs.ubuntu.programs import SETS, Program
from grounding.precision import report
from grounding.text import clean
from infra.clock import Clock, Deadline, SystemClock
from infra.code import code_sha256
from infra.errors import DeadlineExceeded, HostileInput, InfraLost, NotFound
from infra.hypervisor import Host, Template, private_root
from infra.ids import Ids, RandomIds
from infra.progress import Progress
from infra.settings import Settings

FRONT: Final = (150, 60, 860, 600)
"""Where a program's window is put: left, top, width, height."""
APPEARS_S: Final = 20.0
"""A program whose window shows by then may still be late on the accessibility bus."""
LOOK_S: Final = 0.5
FORKS: Final = 4
"""Most desktops a program is opened on."""
ABREAST: Final = 2
"""Desktops at work for each core: most of the time they wait for a program's word."""
DROPPED_SHARE: Final = 0.2
"""So many dropped elements are pressed for each kept one."""


def programs() -> list[Program]:
    """The programs of the image that a desktop may have open, each once."""
    found = {program.app: program for one in SETS.values() for program in one.programs}
    return [found[app] for app in sorted(found)]


def _named(app: str) -> Program:
    known = {program.app: program for program in programs()}
    if app not in known:
        raise NotFound.among("program", app, known)
    return known[app]


def pressed(
    settings: Settings,
    count: int,
    seed: int,
    progress: Progress,
    apps: Sequence[str] = (),
) -> Iterator[Pressed]:
    """So many kept elements, evenly over programs (`apps`, by default all), and some dropped ones.

    What an earlier call with the same words had pressed when it was ended is not pressed again.
    Raises NotFound, Unavailable.
    """
    clock, ids = SystemClock(), RandomIds()
    chosen = [_named(app) for app in apps] or programs()
    _chance(seed).shuffle(chosen)  # a run that is cut short has some of every kind
    directory = templates.find(settings.image, settings.cache)
    lot = {
        "seed": seed, "count": count, "programs": sorted(program.app for program in chosen),
        "template": directory.name, "code": code_sha256(precision, envs, grounding),
    }  # fmt: skip
    with Host(private_root(), clock, settings.accel) as host:
        desk = Desk(host, host.load_template(directory), clock, ids)
        kept = Kept(report.directory(settings.home) / f"presses-{seed}.jsonl", lot)
        share = Share(desk, Quota(count, len(chosen)), seed, kept.counts())
        for one in kept.presses():
            progress.advance()
            yield one
        for app, one in side_by_side(share.pressed, chosen, ABREAST * (os.cpu_count() or 1)):
            kept.add(app, one)
            progress.advance()
            yield one


def _chance(*words: object) -> random.Random:
    return random.Random(" ".join(map(str, words)))  # noqa: S311 - drawn again, not a secret


@dataclass(frozen=True, slots=True)
class Desk:
    """What desktops are forked from."""

    host: Host
    template: Template
    clock: Clock
    ids: Ids

    @contextmanager
    def fork(self) -> Iterator[UbuntuEnv]:
        """A desktop that is awake, destroyed afterwards."""
        uuid = self.ids.uuid()
        domain = self.host.fork(self.template, f"check-{uuid[:8]}", uuid)
        try:
            env = wake(domain, 1, clock=self.clock, ids=self.ids)
            try:
                yield env
            finally:
                env.close()
        finally:
            domain.destroy()


@dataclass(frozen=True, slots=True)
class Share:
    """What each program of a lot is asked for, beside what was pressed in it before."""

    desk: Desk
    quota: Quota
    seed: int
    before: Counter[tuple[str, bool]]
    """How many, by program and whether the gates kept them."""

    def pressed(self, program: Program, stop: Stop) -> Generator[tuple[str, Pressed]]:
        """The program and what was pressed in it, one after the other, until `stop` says so."""
        share, app = self.quota.take(), program.app
        kept, dropped = self.before[app, True], self.before[app, False]
        wanted = share - kept, round(DROPPED_SHARE * share) - dropped
        for one in _of_program(self.desk, program, wanted, _chance(self.seed, app), stop):
            kept += not one.reason
            yield app, one
        self.quota.give_back(share - kept)


def _of_program(
    desk: Desk, program: Program, wanted: tuple[int, int], chance: random.Random, stop: Stop
) -> Iterator[Pressed]:
    """Presses in one program, so many kept and dropped ones.

    They go on on another fork where it was closed or the machine went away.
    """
    kept, dropped = (max(0, count) for count in wanted)
    done: set[Key] = set()
    for _ in range(FORKS if kept or dropped else 0):
        with suppress(InfraLost, DeadlineExceeded, HostileInput), desk.fork() as env:
            name = _opened(env, program, desk.clock, stop)
            presser = Presser(env, env.mirror, desk.clock, desk.ids, chance, name, done)
            had = kept, dropped
            for one in presser.presses(kept, dropped, stop) if name else ():
                kept, dropped = kept - (not one.reason), dropped - bool(one.reason)
                yield one
            if (kept, dropped) == had:
                return  # nothing of it is kept, and another fork shows no more
        if not kept or stop():
            return


def _opened(env: UbuntuEnv, program: Program, clock: Clock, stop: Stop) -> str:
    """Open a program; its name on the accessibility bus, empty where no window of it is there.

    One that is open already and takes no second window is pressed where it is.
    """
    before = _windows(env)
    env.open_program(program.app, "", FRONT)
    deadline = Deadline.after(clock, APPEARS_S)
    while not (came := [app for key, app in _windows(env).items() if key not in before]):
        if deadline.is_past() or stop():
            return next((app for app in before.values() if _is_of(app, program)), "")
        clock.sleep(LOOK_S)
    return came[0]


def _is_of(app: str, program: Program) -> bool:
    return bool(app) and app.casefold() in program.app.casefold()


def _windows(env: UbuntuEnv) -> dict[str, str]:
    """The windows that programs tell of, and the program of each."""
    return {e.id: clean(e.app) for e in env.tree().elements if e.role in {"window", "dialog"}}
