"""Distinct states and elements a minute of one machine: ours against two public ways to explore.

Everybody gets the same minutes on forks of one template, one after the other, and is judged by one
signature that no explorer uses (`explorers.neutral`), counted over everything that was recorded.
`ratio` is the smaller of ours against each peer as it is, with its own way to look and its own
pauses; `policy_ratio_*` compares the policies alone, with our observer, our input and no pauses.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from collector.branching import STATES, Forest, seated
from collector.collect import seed_of
from collector.episode import run_episode
from collector.episode.header import Order, header_for
from collector.explore.explorers import EXPLORERS, GOING_BACK, chosen, mixture
from collector.explore.frontier import Frontier
from collector.explore.memory import Memory
from collector.explore.start import Start
from envs.recording.reader import read
from envs.recording.writer import Recorder
from envs.ubuntu import UbuntuEnv, wake
from envs.ubuntu.branches import States
from infra.blobs import Blobs
from infra.progress import Progress
from tests.bench.explorers import genesis, replay
from tests.bench.explorers.machine import InGuest, OnHost, seen_of
from tests.bench.explorers.neutral import Found
from tests.bench.machines import CLOCK, IDS, Bench, opened
from tests.bench.report import Report

MINUTES: Final = 5.0
SEED: Final = 7
MIXTURE: Final = "tree=3,menus=1,forms=1"
STEPS: Final = 40
PEERS: Final = {"genesis": genesis.explore, "replay": replay.explore}


def run(progress: Progress) -> Report:
    """Ours, both peers as they are, both peers' policies on our machine."""
    figures: dict[str, float | int | str] = {"minutes_each": MINUTES, "mixture": MIXTURE}
    with opened() as bench:
        progress.say("ours")
        ours = _ours(bench)
        figures |= _figures("ours", ours)
        ratios = []
        for name, explore in PEERS.items():
            for kind, machine in (("", InGuest), ("policy_", OnHost)):
                progress.say(f"{kind}{name}")
                with ExitStack() as held:
                    made = machine(_fresh(bench, held), CLOCK)
                    held.callback(made.close)
                    found = explore(made, CLOCK, 60 * MINUTES, SEED)
                figures |= _figures(f"{kind}{name}", found)
                ratio = _ratio(ours, found)
                figures[f"{kind}ratio_{name}"] = ratio
                ratios += [] if kind else [ratio]
    peer = "OS-Genesis's random walk, TreeCUA's root-to-node replay"
    return Report("explore", figures, peer, min(ratios))


def _figures(who: str, found: Found) -> dict[str, float | int | str]:
    return {
        f"{who}_states_per_min": found.per_min(len(found.states)),
        f"{who}_elements_per_min": found.per_min(len(found.elements)),
        f"{who}_steps_per_min": found.per_min(found.steps),
        **({f"{who}_diverged": found.diverged} if "replay" in who else {}),
    }


def _ratio(ours: Found, theirs: Found) -> float:
    """Ours over theirs, by states a minute."""
    return round(ours.per_min(len(ours.states)) / max(theirs.per_min(len(theirs.states)), 0.01), 2)


def _fresh(bench: Bench, held: ExitStack) -> Callable[[], UbuntuEnv]:
    """A way to a fresh fork, awake; it is destroyed when it is closed, or at the end."""

    def fresh() -> UbuntuEnv:
        uuid = IDS.uuid()
        domain = bench.host.fork(bench.template, f"bench-{uuid[:8]}", uuid)
        held.callback(domain.destroy)
        env = wake(domain, 1)
        env.on_close = domain.destroy
        return env

    return fresh


def _ours(bench: Bench) -> Found:
    """Episodes of the mixture, recorded as the fleet records them, and what the recordings hold."""
    found, home = Found(), Path(tempfile.mkdtemp(prefix="explore-", dir=bench.scratch))
    states = States(bench.host, CLOCK, IDS)
    forest = Forest(Memory(frontier=Frontier(STATES)))
    with ExitStack() as held:
        held.callback(states.close)
        fresh = _fresh(bench, held)
        start, number = CLOCK.monotonic_s(), 0

        def is_over() -> bool:
            return CLOCK.monotonic_s() - start > 60 * MINUTES

        while not is_over():
            seat = fresh()
            seat.begun_from(states, bench.template)
            _episode(home, forest, seat, number, is_over)
            seat.close()
            number += 1
        found.worked_s = CLOCK.monotonic_s() - start
    _count(home, found)
    return found


def _episode(
    home: Path, forest: Forest, seat: UbuntuEnv, number: int, stop: Callable[[], bool]
) -> None:
    name, seed = chosen(mixture(MIXTURE), number), seed_of(SEED, number)
    with seated(seat, forest, branches=name in GOING_BACK) as branch:
        env = seat if branch is None else branch.env
        start = Start(
            seed,
            isolated=True,
            performs=env.capabilities.actions,
            memory=forest.memory,
            recording=f"ep-{number}",
            keep=None if branch is None else branch.keep,
            origin="" if branch is None else branch.origin,
        )
        policy = EXPLORERS[name](start)
        header = header_for(env, policy, Order(seed=seed, fence=1, isolated=True), IDS, CLOCK)
        recorder = Recorder(home, header, CLOCK)
        run_episode(env, policy, recorder, CLOCK, STEPS, stop, ids=IDS)


def _count(home: Path, found: Found) -> None:
    blobs = Blobs(home / "blobs")
    for directory in sorted((home / "recordings").iterdir()):
        recording = read(directory)
        found.steps += len(recording.steps)
        for observation in recording.observations():
            found.saw(seen_of(element) for element in observation.tree.load(blobs).elements)
