"""A run's graph as a page, and what its recordings say of it."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

from collector.episode import run_episode
from collector.episode.header import Order, header_for
from collector.explore.explorers import EXPLORERS
from collector.explore.graph import Edge, Place, State, StateGraph, stored
from collector.explore.memory import Memory
from collector.explore.start import Start
from collector.gallery.graph.layout import NODE, SHOWN, layout, shown
from collector.gallery.graph.page import draw
from collector.run_figures import found, uses
from envs.actions import names_of
from envs.fake import fake
from envs.recording.writer import Recorder
from infra.clock import FakeClock
from infra.ids import RandomIds
from tests.collector.test_gallery import HOSTILE, Page


def state(number: int, *windows: str) -> State:
    return State(windows or ("demo|frame|Letter",), frozenset({number}), 1 << (number % 64))


def star(nodes: int) -> StateGraph:
    """One state with ways to all others."""
    graph = StateGraph()
    for number in range(nodes):
        graph.restore_node(state(number), Place())
        if number:
            graph.restore_edge(Edge(0, number, "click", f"button {number}"))
    return graph


def explored(home: Path) -> tuple[str, str]:
    """A run with one recording and its graph; the run and the recording."""
    clock = FakeClock()
    env = fake(seed=1, clock=clock)
    ids = RandomIds(clock, random.Random(1))
    memory = Memory(graph=stored.opened(stored.path_of(home, "run-1")))
    begun = Start(1, isolated=True, performs=env.capabilities.actions, memory=memory)
    order = Order(seed=1, run_id="run-1")
    header = header_for(env, EXPLORERS["menus"](begun), order, ids, clock)
    policy = EXPLORERS["menus"](replace(begun, recording=header.episode_id))
    recorder = Recorder(home, header, clock)
    run_episode(env, policy, recorder, clock, 12, lambda: False, ids=ids)
    return "run-1", header.episode_id


def test_a_run_is_drawn_with_its_screens_and_nothing_is_fetched(tmp_path: Path) -> None:
    run, _ = explored(tmp_path)
    graph = stored.read(stored.path_of(tmp_path, run))
    drawn = draw(graph, run, tmp_path, tmp_path / "graph.html")
    text = drawn.page.read_text()
    page = Page(text)
    assert drawn.shown == len(graph.nodes) > 3
    assert text.count("data:image/webp;base64,") == drawn.shown
    assert "no picture" not in text
    assert "opens menu" in text
    assert all(address.startswith(("data:", "#")) for address in page.addresses if address)
    assert page.tags.count("path") > 1


def test_hostile_names_are_text_and_a_lost_recording_leaves_its_node(tmp_path: Path) -> None:
    graph = StateGraph()
    graph.restore_node(state(0, f"demo|frame|{HOSTILE}"), Place("ep-gone", 3, "00"))
    graph.restore_node(state(1, "\u202eevil\x1b[31m"), Place("../../etc", 0, "00"))
    graph.restore_edge(Edge(0, 1, "click", HOSTILE))
    text = draw(graph, f"run-{HOSTILE}", tmp_path, tmp_path / "g.html").page.read_text()
    page = Page(text)
    assert "script" not in page.tags
    assert page.handlers == []
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert text.count("no picture") == 2


def test_a_run_without_a_state_says_so(tmp_path: Path) -> None:
    drawn = draw(StateGraph(), "run-2", tmp_path, tmp_path / "g.html")
    assert "No state was met yet" in drawn.page.read_text()
    assert (drawn.nodes, drawn.shown) == (0, 0)


def test_no_two_nodes_stand_over_each_other_and_each_is_inside() -> None:
    graph = star(60)
    graph.restore_edge(Edge(7, 20, "click"))
    made = layout({n.id for n in graph.nodes}, graph.edges)
    assert len(set(made.places.values())) == 60
    for x, y in made.places.values():
        assert 0 <= x <= made.width - NODE[0]
        assert 0 <= y <= made.height - NODE[1]
    first = made.places[0]
    assert all(x > first[0] for key, (x, _) in made.places.items() if key)


def test_of_many_states_the_first_and_those_with_most_ways_are_shown() -> None:
    graph = star(SHOWN * 2)
    for other in (300, 301, 302):
        graph.restore_edge(Edge(399, other, "click"))
    kept = shown(graph)
    assert len(kept) == SHOWN
    assert {0, 399, 300} <= set(kept)


def test_states_and_actions_of_a_run_are_counted_zeros_among_them(tmp_path: Path) -> None:
    run, recording = explored(tmp_path)
    met = found(tmp_path, run, [recording, "ep-elsewhere"])
    assert met.states > 3
    assert met.machine_s > 1
    assert met.per_min == 60 * met.states / met.machine_s
    counted = uses(tmp_path, run)
    rows = {row["action"]: row for row in counted.rows()}
    assert rows.keys() >= set(names_of("desktop")) - {"terminate", "answer", "ask_user"}
    assert sum(row["desktop"] or 0 for row in rows.values()) == 12
    assert rows["mouse_down"]["desktop"] == 0
    assert rows["select_option"]["desktop"] is None
    assert "mouse_down" in counted.unused()
    assert uses(tmp_path, "run-none").counts == {}


def test_a_page_of_a_big_run_stays_small(tmp_path: Path) -> None:
    drawn = draw(star(1500), "run-3", tmp_path, tmp_path / "g.html")
    assert drawn.shown == SHOWN
    assert drawn.size_bytes < 400_000
    assert re.search(r"the 200 with the most ways", drawn.page.read_text())
