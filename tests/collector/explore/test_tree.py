"""The tree, its frontier and mixtures: where it goes deeper, when a branch ends, what is let go."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from collector.branching import Forest, seated
from collector.episode import run_episode
from collector.episode.header import Order, header_for
from collector.explore.explorers import EXPLORERS, chosen, mixture
from collector.explore.frontier import BRANCHES, Frontier
from collector.explore.graph import Node, Place, State
from collector.explore.memory import LOOK_BACK_S, Memory, Yield
from collector.explore.start import Start
from envs.fake import fake
from envs.recording.reader import read
from envs.recording.types import Recording
from envs.recording.writer import Recorder
from infra.clock import FakeClock
from infra.errors import NotFound, UsageError
from infra.ids import RandomIds


def branch(home: Path, memory: Memory, seed: int, kept: list[int], steps: int = 60) -> Recording:
    clock = FakeClock()
    env = fake(seed=3, clock=clock)

    def keep(node: int) -> bool:
        kept.append(node)
        return True

    start = Start(seed, isolated=True, performs=env.capabilities.actions, memory=memory, keep=keep)
    policy = EXPLORERS["tree"](start)
    ids = RandomIds(clock, random.Random(seed))
    recorder = Recorder(home, header_for(env, policy, Order(seed=seed), ids, clock), clock)
    run_episode(env, policy, recorder, clock, steps, lambda: False, ids=ids)
    return read(recorder.directory)


def node(number: int) -> Node:
    return Node(number, State((), frozenset({number}), 0), Place())


def test_a_branch_freezes_new_states_and_ends_where_nothing_is_new(tmp_path: Path) -> None:
    memory, kept = Memory(), []
    memory.frontier.most = 4
    ended = [branch(tmp_path, memory, seed, kept) for seed in range(6)]
    assert kept
    assert len(set(kept)) == len(kept)
    last = ended[-1].close
    assert last is not None
    assert last.status == "completed"
    assert "the branch is done" in last.reason
    assert len(ended[-1].steps) < 60


def test_what_was_tried_from_a_state_counts_against_going_back_to_it() -> None:
    frontier = Frontier(most=3)
    fresh, used = node(1), node(2)
    used.tried |= {("click", str(n)) for n in range(8)}
    frontier.kept(fresh, 9.0)
    frontier.kept(used, 9.0)
    held = frontier.next()
    assert held is not None
    assert held.node is fresh


def test_a_state_whose_branches_find_nothing_gives_way_to_others_and_is_let_go() -> None:
    frontier = Frontier(most=2)
    frontier.kept(node(1), 25.0)
    frontier.kept(node(2), 4.0)
    order = []
    for _ in range(2 * BRANCHES):
        held = frontier.next()
        assert held is not None
        order.append(held.node.id)
        frontier.came_back(held.node.id, 0)
    assert set(order) == {1, 2}
    assert frontier.next() is None
    assert sorted(frontier.surplus()) == [1, 2]
    assert len(frontier) == 0


def test_no_more_states_are_held_than_there_is_memory_for() -> None:
    frontier = Frontier(most=2)
    for number, offered in enumerate((4.0, 100.0, 49.0)):
        frontier.kept(node(number), offered)
    assert frontier.surplus() == [0]
    assert not frontier.wants(1.0)
    assert frontier.wants(400.0)
    assert not Frontier(most=0).wants(100.0)


def test_a_mixture_is_mixed_at_every_moment() -> None:
    shares = mixture("tree=3, walk=1")
    names = [chosen(shares, n) for n in range(40)]
    assert names.count("tree") == 30
    for n in range(1, 41):
        assert abs(names[:n].count("tree") - 0.75 * n) <= 1
    assert [chosen(mixture("walk"), n) for n in range(3)] == ["walk"] * 3


def test_a_mixture_that_cannot_be_says_what_is_near_or_how_it_is_written() -> None:
    with pytest.raises(NotFound, match="wlak"):
        mixture("wlak")
    for text in ("walk=much", "walk=0", "walk=-1", "walk=nan"):
        with pytest.raises(UsageError):
            mixture(text)


def test_a_run_has_dried_up_only_after_it_was_looked_at_long_enough() -> None:
    found = Yield(floor_per_min=0.5)
    for _ in range(30):
        found.worked(2.0, new=True)
    assert not found.dried_up()
    for _ in range(int(LOOK_BACK_S)):
        found.worked(2.0, new=False)
    assert "0.00 new states/min over 10 min" in found.dried_up()
    assert not Yield(0.0).dried_up()


def test_branches_begin_from_frozen_states_and_hold_no_more_than_they_may(tmp_path: Path) -> None:
    clock = FakeClock()
    seat = fake(seed=3, clock=clock)
    forest = Forest(Memory(frontier=Frontier(most=3)))
    begun = []
    for number in range(8):
        with seated(seat, forest, branches=True) as branch:
            assert branch is not None
            start = Start(
                number,
                isolated=True,
                performs=branch.env.capabilities.actions,
                memory=forest.memory,
                recording=f"ep-{number}",
                keep=branch.keep,
                origin=branch.origin,
            )
            policy = EXPLORERS["tree"](start)
            ids = RandomIds(clock, random.Random(number))
            header = header_for(branch.env, policy, Order(seed=number), ids, clock)
            recorder = Recorder(tmp_path, header, clock)
            close = run_episode(branch.env, policy, recorder, clock, 30, lambda: False, ids=ids)
            assert close.status == "completed"
        begun.append(read(recorder.directory).header.parameters["origin"])
        assert len(forest.names) <= 3
    assert begun[0] == ""
    assert any(origin.startswith("ep-") for origin in begun)
    forest.clear(seat)
    assert forest.names == {}


def test_an_explorer_that_does_not_go_back_works_on_the_machine_itself() -> None:
    with seated(fake(seed=3), Forest(Memory()), branches=False) as branch:
        assert branch is None


def test_a_state_that_is_gone_is_not_gone_back_to_again() -> None:
    forest, seat = Forest(Memory(frontier=Frontier(most=2))), fake(seed=3, clock=FakeClock())
    forest.memory.frontier.kept(node(5), 50.0)
    forest.names[5] = "state-gone"
    with forest.branch(seat) as branch:
        assert branch.origin == ""
    assert len(forest.memory.frontier) == 0
