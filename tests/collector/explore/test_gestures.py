"""Gestures of several actions, and that the explorers together use everything a machine performs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from collector.explore import Walk, gestures
from collector.explore.base import Done, Policy
from collector.explore.explorers import EXPLORERS
from collector.explore.start import Start
from collector.explore.view import View
from collector.explore.web import Journeys
from envs import actions as do
from envs.actions import Family
from envs.recording.types import Step
from envs.types import Box, Element, Observation
from tests.collector.explore.driving import on_fake
from tests.collector.explore.test_walk import seen, thing, window

PAGING = {"goto", "go_back", "go_forward", "tab_focus"}
NO_HANDS = {"terminate", "answer", "ask_user"}
"""What ends an episode or speaks to a person: no machine performs them."""


def desk() -> Observation:
    """A window with a thing of every kind that a gesture or a move is made on."""
    rows = [
        thing(
            f"i{n}",
            "listitem",
            f"Row {n}",
            Box(10, 10 + 16 * n, 90, 24 + 16 * n),
            "l",
            "selectable",
        )
        for n in range(4)
    ]
    return seen(
        window("active"),
        thing("l", "listbox", "Rows", Box(5, 5, 130, 140), "w"),
        *rows,
        thing(
            "e", "textbox", "Text", Box(140, 5, 295, 90), "w", "multi-line", "editable", "focused"
        ),
        thing("n", "textbox", "Name", Box(140, 95, 200, 115), "w", "editable"),
        thing("c", "canvas", "Sheet", Box(140, 120, 200, 190), "w"),
        thing("b", "button", "Go", Box(210, 120, 250, 140), "w"),
        thing("t", "toolbar", "", Box(205, 150, 295, 190), "w"),
        thing("x", "button", "", Box(210, 155, 230, 175), "t"),
    )


def page(title: str) -> Observation:
    """A page with a link, a closed list box and a file field."""
    top = thing("p", "document", title, Box(0, 0, 300, 200), None, "scrollable")
    pick = Element(
        "s", "p", "combobox", "Size", box=Box(10, 10, 90, 30), actions=("select-option", "click"),
        states=frozenset({"showing", "visible", "enabled"}), value="M", app="shop",
    )  # fmt: skip
    sizes = [Element(f"o{n}", "s", "option", n) for n in ("S", "L")]
    proof = Element(
        "f", "p", "file-chooser", "Proof", box=Box(10, 40, 90, 60), actions=("click",),
        states=frozenset({"showing", "visible", "enabled"}), app="shop",
    )  # fmt: skip
    mail = thing("m", "textbox", "E-mail", Box(10, 70, 90, 90), "p", "editable")
    link = thing("a", "link", "More", Box(10, 100, 90, 120), "p")
    return seen(top, pick, *sizes, proof, mail, link, source="dom")


def used(policy: Policy, screens: Sequence[Observation], step: Step, count: int) -> set[str]:
    """The names of the actions that a policy chooses; what opens a page turns to the next screen."""
    history: list[Step] = []
    at = 0
    for _ in range(count):
        choice = policy.choose(screens[at], history)
        if isinstance(choice, Done):
            break
        history.append(replace(step, action=choice.action))
        at = (at + (choice.action.name in PAGING)) % len(screens)
    return {made.action.name for made in history}


@pytest.mark.parametrize("family", ["desktop", "web"])
def test_the_explorers_together_use_every_action_of_a_family(
    family: Family, tmp_path: Path
) -> None:
    (step,) = on_fake(tmp_path, "walk", 1, 1).steps
    screens = [desk()] if family == "desktop" else [page("One"), desk(), page("Two")]
    names: set[str] = set()
    for explorer, count in (("walk", 900), ("forms", 150), ("menus", 150)):
        for seed in range(2):
            pages = ("http://a.test/1", "http://a.test/2")
            start = Start(seed, family, isolated=True, pages=pages, uploads=("notes.txt",))
            names |= used(EXPLORERS[explorer](start), screens, step, count)
    assert set(do.names_of(family)) - NO_HANDS <= names


def test_a_gesture_holds_and_lets_go_whatever_it_is() -> None:
    for seed in range(60):
        made = gestures.draw(View.of(desk(), isolated=True), random.Random(seed), lambda _: True)
        assert made
        names = [move.choice.action.name for move in made]
        assert names.count("mouse_down") == names.count("mouse_up")
        assert names.count("key_down") == names.count("key_up")


def test_a_gesture_whose_thing_is_gone_lets_go_and_touches_nothing(tmp_path: Path) -> None:
    (step,) = on_fake(tmp_path, "walk", 1, 1).steps
    policy, view = Walk(1, isolated=True), View.of(desk(), isolated=True)
    policy.take_in(view, [])
    rows = gestures.several(view, view.nodes, random.Random(1))
    first = policy.begin(rows, view)
    assert first is not None
    assert first.action == do.KeyDown("ctrl")
    after = policy.choose(seen(window("active")), [step])
    assert after.action == do.KeyUp("ctrl")
    assert after.element_id is None


def test_what_a_machine_does_not_perform_is_no_gesture() -> None:
    view = View.of(desk(), isolated=True)
    for seed in range(20):
        made = gestures.draw(view, random.Random(seed), lambda name: name != "mouse_down")
        assert all(move.choice.action.name != "mouse_down" for move in made)


def test_a_tab_is_opened_for_a_page_and_turned_to_or_closed_later() -> None:
    journeys = Journeys(("http://a.test/1", "http://a.test/2"))
    names = set()
    for seed in range(200):
        there = journeys.leave(random.Random(seed))
        names |= {choice.action.name for choice in there}
        if isinstance(there[0].action, do.NewTab):
            assert isinstance(there[1].action, do.Goto)
            journeys.tabs = 2
            journeys.tab = 1
    assert names >= {"goto", "new_tab", "tab_focus", "tab_close"}
