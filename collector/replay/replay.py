"""One replay from the recording to the report; it leaves a recording of its own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

from collector.episode import header_for, run_episode
from collector.episode.header import Order
from collector.replay.beginning import begin
from collector.replay.compare import Report, compare
from collector.replay.fresh import fresh
from collector.replay.policy import Replay
from collector.replay.sameness import Looks
from envs.acting import SAID
from envs.base import Env
from envs.recording import reader
from envs.recording.types import Header, Recording, Step
from envs.recording.writer import Recorder
from infra.clock import Clock
from infra.ids import Ids

FENCE = 1
"""Nobody else drives a machine that was opened for this."""
Told = Callable[[Step], None]


def replay(
    directory: Path,
    home: Path,
    clock: Clock,
    ids: Ids,
    *,
    keep_going: bool = False,
    open_machine: Callable[[Header], Env] = fresh,
    told: Told = lambda _step: None,
) -> Report:
    """Do the recording in `directory` again, record that under `home`, and compare the two.

    `keep_going` does every action even where the screen is another by then. Raises NotFound and
    Corrupt for the recording, Unavailable where no such machine can be had or set up.
    """
    was = reader.read(directory)
    then = Looks(reader.blobs_of(directory))
    machine = open_machine(was.header)
    try:
        begin(was.header, machine, FENCE, ids)
        policy = Replay(was, then, keep_going=keep_going)
        order = Order(
            was.header.seed, fence=FENCE, isolated=was.header.isolated, goal=was.header.goal
        )
        header = header_for(machine, policy, order, ids, clock)
        recorder = Recorder(home, header, clock)
        steps = max(1, len(was.steps))
        run_episode(machine, policy, recorder, clock, steps, lambda: False, ids=ids, told=told)
    finally:
        machine.close()
    now = reader.read(recorder.directory)
    return compare(was, now, then, Looks(reader.blobs_of(recorder.directory)), repeatable(was))


def repeatable(recording: Recording) -> int:
    """How many steps from the start can be done again: up to a word that ends it, or a secret."""
    can = takewhile(lambda s: s.action.name not in SAID and not s.redacted, recording.steps)
    return sum(1 for _ in can)
