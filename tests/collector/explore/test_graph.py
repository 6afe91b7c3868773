"""States and the graph of them: what counts as news, what does not, what a crash leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from collector.explore.graph import Edge, State, StateGraph, state_of, stored
from envs.types import Box, Element, Observation, Screen, Tree
from grounding.scene import Scene

SHOWN = frozenset({"showing", "visible", "enabled"})


def element(key: str, role: str, name: str, box: Box, parent: str | None = "w") -> Element:
    return Element(key, parent, role, name, box=box, states=SHOWN, app="demo")


def scene(*more: Element, shade: int = 90, title: str = "Letter") -> Scene:
    """A window of twenty buttons and whatever more."""
    window = element("w", "frame", title, Box(0, 0, 600, 400), None)
    buttons = [
        element(f"b{n}", "button", f"Do {chr(65 + n)}", Box(10, 20 * n, 80, 20 * n + 18))
        for n in range(20)
    ]
    pixels = np.full((400, 600, 3), 90, dtype=np.uint8)
    pixels[200:, 300:] = shade
    return Scene(
        Observation(Screen(pixels, 0), Tree((window, *buttons, *more), "fake", 0, 0), stable=True)
    )


def test_a_clock_and_a_counter_are_no_news() -> None:
    one = state_of(scene(element("c", "label", "12:41:07", Box(500, 0, 560, 16))))
    two = state_of(scene(element("c", "label", "12:41:08", Box(500, 0, 560, 16))))
    assert one == two
    assert one.key == two.key


def test_an_open_menu_is_news() -> None:
    menu = element("m", "popup-menu", "File", Box(10, 20, 200, 300), None)
    items = [
        element(
            f"i{n}", "menuitem", f"Item {chr(65 + n)}", Box(12, 30 + 20 * n, 190, 48 + 20 * n), "m"
        )
        for n in range(6)
    ]
    assert not state_of(scene()).is_near(state_of(scene(menu, *items)))


def test_another_window_title_is_news_and_one_more_button_of_many_is_not() -> None:
    plain = state_of(scene())
    assert not plain.is_near(state_of(scene(title="Budget")))
    assert plain.is_near(state_of(scene(element("x", "button", "More", Box(200, 9, 240, 20)))))


def test_near_states_are_one_node_and_nearness_is_mutual() -> None:
    graph = StateGraph()
    plain = state_of(scene())
    almost = state_of(scene(element("x", "button", "More", Box(200, 9, 240, 20))))
    first, is_new = graph.met(plain)
    again, is_news = graph.met(almost)
    assert (is_new, is_news) == (True, False)
    assert first is again
    assert first.met == 2
    assert almost.is_near(plain)


def test_an_edge_that_is_walked_twice_is_told_once() -> None:
    heard: list[object] = []
    graph = StateGraph(heard.append)
    node, _ = graph.met(state_of(scene()))
    other, _ = graph.met(state_of(scene(title="Budget")))
    for _ in range(2):
        graph.led(Edge(node.id, other.id, "click", "click on button 'Open'"))
    assert [type(h).__name__ for h in heard] == ["Node", "Node", "Edge"]
    assert list(graph.edges.values()) == [2]


def test_a_stored_graph_goes_on_where_it_was_left_and_a_torn_line_is_dropped(
    tmp_path: Path,
) -> None:
    path = stored.path_of(tmp_path, "run-1")
    graph = stored.opened(path)
    one, _ = graph.met(state_of(scene()))
    two, _ = graph.met(state_of(scene(title="Budget")))
    graph.led(Edge(one.id, two.id, "click"))
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"node": 2, "win')
    again = stored.opened(path)
    assert [n.state for n in again.nodes] == [n.state for n in graph.nodes]
    assert again.edges == {Edge(one.id, two.id, "click"): 1}
    assert path.read_bytes() == whole
    assert again.met(state_of(scene()))[1] is False
    assert again.met(state_of(scene(title="Third")))[1] is True
    assert len(stored.read(path).nodes) == 3


def test_states_of_nothing_are_one_state() -> None:
    empty = State((), frozenset(), 0)
    assert empty.is_near(empty)
    assert empty.likeness(empty) == 1.0


def test_an_animation_is_no_news_and_another_picture_is() -> None:
    one, spinning = state_of(scene()), scene()
    spinning.pixels[100:110, 400:410] = 255
    assert one.is_near(state_of(spinning))
    striped = scene()
    striped.pixels[:, ::40] = 250
    striped.pixels[::2, 300:] = np.arange(300)[None, :, None] % 256
    assert state_of(striped).distance(one) > 0
