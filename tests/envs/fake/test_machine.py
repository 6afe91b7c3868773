"""The fake machine: the same seed gives the same desktop, and inputs do what they would."""

from __future__ import annotations

import pytest

from envs.actions import Click, DoubleClick, Drag, PathPoint, Press, Write, names_of
from envs.base import ActResult
from envs.fake import NAMED, FakeEnv, fake
from infra import limits
from infra.clock import FakeClock
from infra.errors import DeadlineExceeded, InfraLost, NotFound


def machine(**settings: object) -> FakeEnv:
    return fake(clock=FakeClock(), **settings)


def press(env: FakeEnv, key: str, step: str) -> ActResult:
    box = env.tree().by_id()[key].box
    assert box is not None
    return env.act(Click(*box.centre), step, 1)


def test_the_same_seed_draws_the_same_desktop_and_another_seed_another() -> None:
    one, same, other = machine(seed=5), machine(seed=5), machine(seed=6)
    assert one.screen().equals(same.screen())
    assert one.tree().agrees_with(same.tree())
    assert not one.screen().equals(other.screen())


def test_it_performs_the_whole_desktop_family() -> None:
    said = {"terminate", "answer", "ask_user"}
    assert machine().capabilities.actions == frozenset(names_of("desktop")) - said


def test_pixels_change_where_the_tree_says() -> None:
    env = machine()
    box = env.tree().by_id()["form/news"].box
    assert box is not None
    before = env.screen().pixels
    press(env, "form/news", "s1")
    after = env.screen().pixels
    changed = (before != after).any(axis=2)
    assert changed[box.top : box.bottom, box.left : box.right].any()
    assert "checked" in env.tree().by_id()["form/news"].states


def test_a_menu_opens_over_everything_and_its_item_is_chosen() -> None:
    env = machine()
    press(env, "form/menu/File", "s1")
    items = [e.name for e in env.tree().elements if e.role == "menuitem"]
    assert items == ["New", "Open...", "Save", "Close"]
    press(env, "popup/2", "s2")
    assert env.tree().by_id()["form/status"].value == "File > Save"
    assert "popup" not in env.tree().by_id()


def test_a_combo_box_takes_the_chosen_value() -> None:
    env = machine()
    press(env, "form/city", "s1")
    press(env, "popup/1", "s2")
    assert env.tree().by_id()["form/city"].value == "Nairobi"


def test_a_closed_window_comes_back_by_its_icon() -> None:
    env = machine()
    press(env, "form/close", "s1")
    assert "form" not in env.tree().by_id()
    icon = env.tree().by_id()["icon/form"].box
    assert icon is not None
    env.act(DoubleClick(*icon.centre), "s2", 1)
    assert "form" in env.tree().by_id()


def test_a_window_follows_its_title_bar() -> None:
    env = machine()
    before = env.tree().by_id()["form"].box
    assert before is not None
    x, y = before.left + 150, before.top + 10
    env.act(Drag((PathPoint(x, y, 0), PathPoint(x + 40, y - 30, 100))), "s1", 1)
    after = env.tree().by_id()["form"].box
    assert after is not None
    assert (after.left, after.top) == (before.left + 40, before.top - 30)


def test_a_covered_element_is_not_hit() -> None:
    env = machine()
    covered = [e for e in env.tree().elements if e.hit is False]
    assert covered
    for element in covered[:3]:
        assert element.box is not None
        assert env.hit(*element.box.centre) != element.id


def test_tab_moves_the_focus_and_space_toggles() -> None:
    env = machine()
    env.act(Press(("tab",), presses=4), "s1", 1)
    focused = [e.id for e in env.tree().elements if "focused" in e.states]
    assert focused == ["form/news"]
    env.act(Press(("space",)), "s2", 1)
    assert "checked" in env.tree().by_id()["form/news"].states


def test_a_lost_outcome_was_applied_once_and_is_never_repeated() -> None:
    env = machine(faults="loses-outcomes")
    first = env.act(Write("x"), "s1", 1)
    assert first.outcome == "unknown"
    assert env.act(Write("x"), "s1", 1) == first
    assert env.applied == 1


def test_a_dead_machine_is_lost_and_a_hung_one_late() -> None:
    dead, hung = machine(faults="death"), machine(faults="hang")
    for _ in range(3):
        dead.health()
        hung.health()
    with pytest.raises(InfraLost):
        dead.screen()
    with pytest.raises(DeadlineExceeded):
        hung.screen()


def test_a_million_nodes_are_cut_and_said_to_be() -> None:
    tree = machine(faults="million-nodes").tree()
    assert tree.truncated
    assert len(tree.elements) == limits.TREE_NODES
    assert "hostile:too_many=1" in tree.notes


def test_what_the_machine_lied_about_is_counted() -> None:
    for fault, note in {
        "nan-boxes": "hostile:box_not_a_number=1",
        "negative-boxes": "hostile:box_inverted=1",
        "outside-boxes": "hostile:box_off_screen=1",
        "cycle": "hostile:cycle=2",
        "duplicate-ids": "hostile:duplicate_id=1",
        "orphans": "hostile:orphan=1",
        "surrogates": "hostile:text_surrogate=1",
        "endless-text": "hostile:text_cut=1",
    }.items():
        assert note in machine(faults=fault).tree().notes, fault


def test_an_unknown_fault_names_the_nearest() -> None:
    assert "nan-boxes" in NAMED
    with pytest.raises(NotFound, match="nan-boxes"):
        machine(faults="nan-box")
