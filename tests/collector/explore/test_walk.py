from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.episode import run_episode
from collector.episode.header import Order, header_for
from collector.explore import Walk, phrases, shortcuts
from collector.explore.memory import Memory
from collector.explore.novelty import Novelty
from envs import actions as do
from envs.fake import fake
from envs.recording.reader import read
from envs.recording.types import Recording
from envs.recording.writer import Recorder
from envs.types import Box, Element, Observation, Screen, Tree
from infra.clock import FakeClock
from infra.ids import RandomIds

SHOWN = frozenset({"showing", "visible", "enabled"})


def walk(home: Path, seed: int, steps: int, memory: Memory | None = None) -> Recording:
    clock = FakeClock()
    env = fake(seed=seed, clock=clock)
    policy = Walk(seed, isolated=True, performs=env.capabilities.actions, memory=memory)
    ids = RandomIds(clock, random.Random(seed))
    recorder = Recorder(home, header_for(env, policy, Order(seed=seed), ids, clock), clock)
    run_episode(env, policy, recorder, clock, steps, lambda: False, ids=ids)
    return read(recorder.directory)


def seen(
    *elements: Element, source: str = "fake", size: tuple[int, int] = (200, 300)
) -> Observation:
    screen = Screen(np.full((*size, 3), 90, dtype=np.uint8), 0)
    return Observation(screen, Tree(elements, source, 0, 0), stable=True)


def thing(
    key: str,
    role: str,
    name: str,
    box: Box,
    parent: str | None = "w",
    *states: str,
    app: str = "demo",
) -> Element:
    return Element(key, parent, role, name, box=box, states=SHOWN | set(states), app=app)


def window(*states: str, key: str = "w", app: str = "demo") -> Element:
    return thing(key, "window", key, Box(0, 0, 300, 200), None, *states, app=app)


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> list[Recording]:
    return [walk(tmp_path_factory.mktemp("walk"), seed, 50) for seed in (1, 2)]


def test_a_walk_makes_many_kinds_of_moves_and_most_have_an_effect(walks: list[Recording]) -> None:
    steps = [step for recording in walks for step in recording.steps]
    kinds = Counter(step.action.name for step in steps)
    assert set(kinds) >= {"click", "write", "double_click"}
    assert len(kinds) >= 6
    assert all(step.result.outcome == "applied" for step in steps)
    assert sum(step.effect.did_anything for step in steps) > 0.6 * len(steps)


def test_a_walk_visits_every_program(walks: list[Recording]) -> None:
    for recording in walks:
        apps = {s.element_id.split("/")[0] for s in recording.steps if s.element_id}
        assert apps >= {"files", "notes", "form", "sketch"}


def test_what_is_typed_is_aimed_at_a_field(walks: list[Recording]) -> None:
    steps = [step for recording in walks for step in recording.steps]
    written = [step for step in steps if isinstance(step.action, do.Write)]
    assert written
    assert all(step.element_id for step in written)


def test_newness_falls_with_use_and_faster_where_nothing_happens() -> None:
    novelty = Novelty()
    fresh = novelty.newness(("a",), "click")
    novelty.did(("a",), "click", "app")
    used = novelty.newness(("a",), "click")
    novelty.was_dull(("a",), "click")
    assert fresh == 1.0 > used > novelty.newness(("a",), "click")
    assert novelty.newness(("a",), "hover") == 1.0


def test_what_was_never_pressed_is_pressed_first() -> None:
    buttons = [
        thing(f"b{i}", "button", f"B{i}", Box(20 * i, 40, 20 * i + 18, 60)) for i in range(10)
    ]
    policy = Walk(1, isolated=True, performs=frozenset({"click"}))
    pressed = {policy.choose(seen(window("active"), *buttons), []).element_id for _ in range(25)}
    assert pressed == {b.id for b in buttons}


@given(st.integers(0, 300))
def test_what_is_forbidden_greyed_out_or_covered_is_never_pressed(seed: int) -> None:
    elements = (
        window(key="under", app="other"),
        thing("covered", "button", "Covered", Box(10, 10, 60, 30), "under", app="other"),
        window("active"),
        thing("off", "button", "Shut Down", Box(10, 40, 60, 60)),
        Element(
            "grey",
            "w",
            "button",
            "Grey",
            box=Box(10, 70, 60, 90),
            states=frozenset({"showing", "visible"}),
            app="demo",
        ),
        thing("good", "button", "Good", Box(10, 100, 60, 120)),
        thing("hit", "button", "Hidden", Box(10, 130, 60, 150)),
    )
    elements = (
        *elements[:-1],
        Element(**{**{f: getattr(elements[-1], f) for f in Element.__slots__}, "hit": False}),
    )
    policy = Walk(seed, isolated=True)
    for _ in range(4):
        choice = policy.choose(seen(*elements), [])
        assert choice is not None
        if isinstance(choice.action, do.Click | do.RightClick | do.DoubleClick):
            assert choice.element_id in {"good", "under"}


@given(st.integers(0, 200))
def test_an_open_menu_is_chosen_from_or_closed(seed: int) -> None:
    menu = thing("m", "popup-menu", "", Box(50, 50, 120, 110))
    items = [
        thing(f"i{n}", "menuitem", f"Item {n}", Box(50, 50 + 20 * n, 120, 70 + 20 * n), "m")
        for n in range(3)
    ]
    other = thing("b", "button", "Other", Box(200, 150, 260, 170))
    choice = Walk(seed, isolated=True).choose(seen(window("active"), other, menu, *items), [])
    assert choice is not None
    assert choice.element_id in {"i0", "i1", "i2"} or choice.action == do.Press(("esc",))


def test_a_dialog_is_left_in_the_end() -> None:
    dialog = thing("d", "dialog", "Really?", Box(40, 40, 200, 120), None, "active")
    button = thing("c", "button", "Cancel", Box(50, 90, 100, 110), "d")
    policy = Walk(3, isolated=True)
    choices = [policy.choose(seen(window(), dialog, button), []) for _ in range(16)]
    left = [
        c
        for c in choices
        if c and (c.element_id == "c" or c.action in {do.Press(("esc",)), do.Hotkey(("alt", "f4"))})
    ]
    assert len(left) >= 8


def test_a_page_is_left_for_another_and_options_are_chosen() -> None:
    pages = ("http://a/1", "http://a/2")
    combo = Element(
        "s",
        "p",
        "combobox",
        "Size",
        box=Box(10, 10, 90, 30),
        states=SHOWN,
        actions=("select-option",),
        value="S",
    )
    options = [Element(f"o{n}", "s", "option", n, states=frozenset()) for n in ("S", "M", "L")]
    page = thing("p", "document", "Shop", Box(0, 0, 300, 200), None)
    policy = Walk(2, "web", isolated=True, pages=pages)
    choices = [policy.choose(seen(page, combo, *options, source="dom"), []) for _ in range(80)]
    gone = {c.action.url for c in choices if c and isinstance(c.action, do.Goto)}
    assert gone == set(pages)
    chosen = {c.action.value for c in choices if c and isinstance(c.action, do.SelectOption)}
    assert chosen == {"M", "L"}


def test_an_empty_screen_still_gets_an_action() -> None:
    policy = Walk(1, isolated=True)
    for _ in range(10):
        assert policy.choose(seen(), []) is not None


@pytest.mark.parametrize(
    ("words", "pattern"),
    [
        ("E-mail address", r".+@example\.org"),
        ("Date of birth", r"\d{4}-\d\d-\d\d"),
        ("Phone", r"\+[\d ]+"),
        ("Quantity", r"\d+"),
        ("Website", r"https://.*"),
    ],
)
def test_text_fits_what_the_field_asks_for(words: str, pattern: str) -> None:
    import re

    rng = random.Random(1)
    assert all(
        re.fullmatch(pattern, phrases.text_for("textbox", words, "x", rng)) for _ in range(20)
    )


def test_terminals_get_only_commands_that_look() -> None:
    rng = random.Random(2)
    typed = {phrases.text_for("terminal", "", "xfce4-terminal", rng) for _ in range(300)}
    assert typed == set(phrases.COMMANDS)
    assert not any(word in c.split() for c in typed for word in ("rm", "sudo", "dd", "mv", ">"))


def test_prose_comes_in_more_than_one_script() -> None:
    rng = random.Random(3)
    texts = [phrases.text_for("textbox", "", "editor", rng, wide=True) for _ in range(60)]
    assert any(ord(c) > 0x4E00 for text in texts for c in text)
    assert any(text.isascii() for text in texts)


def test_no_shortcut_closes_prints_or_leaves() -> None:
    roles = ["", "textbox", "terminal", "button", "listitem", "slider", "document"]
    keys = {
        k
        for role in roles
        for family in ("desktop", "web")
        for k in shortcuts.for_focus(role, family)
    }
    for bad in (("ctrl", "q"), ("ctrl", "w"), ("ctrl", "d"), ("ctrl", "p"), ("alt", "f4")):
        assert bad not in keys
    assert not any("alt" in k and "ctrl" in k for k in keys)
