from __future__ import annotations

import numpy as np
import pytest

from collector.explore import deny
from envs.actions import Action, Click, Hotkey, MoveTo, Press, Write
from envs.types import Box, Element, Observation, Screen, Tree
from grounding.scene import Scene

SHOWN = frozenset({"showing", "visible", "enabled"})


def scene(*elements: Element) -> Scene:
    screen = Screen(np.zeros((100, 200, 3), dtype=np.uint8), 0)
    return Scene(Observation(screen, Tree(elements, "fake", 0, 0), stable=True))


def element(key: str, role: str, name: str, parent: str | None = None, *states: str) -> Element:
    box = Box(10, 10, 60, 30)
    return Element(key, parent, role, name, box=box, states=SHOWN | set(states), app="demo")


@pytest.mark.parametrize(
    "name",
    [
        "Shut Down",
        "Log Out…",
        "Restart",
        "Suspend",
        "_Lock Screen",
        "关机",
        "注销",
        "Power-Off",
        "Terminate",
    ],
)
def test_what_ends_the_machine_is_never_pressed(name: str) -> None:
    for isolated in (True, False):
        assert deny.forbids([name], isolated=isolated)


@pytest.mark.parametrize(
    "name",
    [
        "Delete",
        "Pay now",
        "Send",
        "Format…",
        "Place Order",
        "Delete account",
        "删除",
        "付款",
        "发送",
    ],
)
def test_what_cannot_be_undone_is_pressed_only_on_an_isolated_machine(name: str) -> None:
    assert deny.forbids([name], isolated=False)
    assert not deny.forbids([name], isolated=True)


@pytest.mark.parametrize(
    "name",
    [
        "Save",
        "Sender",
        "Payload",
        "Blocked users",
        "Information",
        "Formation",
        "打开",
        "Sleepy hollow",
    ],
)
def test_harmless_words_are_left_alone(name: str) -> None:
    assert not deny.forbids([name], isolated=False)


def test_a_picture_inside_a_dangerous_button_is_dangerous_too() -> None:
    told = scene(element("b", "button", "Shut Down"), element("i", "img", "", "b"))
    assert deny.verdict(Click(20, 20), "i", told, isolated=True)


def test_a_nameless_button_is_judged_by_its_label() -> None:
    told = scene(element("b", "button", ""), element("l", "label", "Log Out", "b"))
    assert deny.verdict(Click(20, 20), "b", told, isolated=True)
    assert not deny.verdict(MoveTo(20, 20), "b", told, isolated=True)


@pytest.mark.parametrize(
    "action",
    [
        Press(("enter",)),
        Hotkey(("ctrl", "enter")),
        Press(("space",)),
        Write("a", submit=True),
        Write("a\n"),
    ],
)
def test_the_keyboard_may_not_press_what_the_pointer_may_not(action: Action) -> None:
    told = scene(element("b", "button", "Restart", None, "focused"))
    assert deny.verdict(action, None, told, isolated=True) == "restart"
    assert not deny.verdict(Press(("esc",)), None, told, isolated=True)
    assert not deny.verdict(Write("a"), None, told, isolated=True)


def test_enter_is_not_pressed_in_a_dialog_that_offers_to_log_out() -> None:
    told = scene(
        element("d", "dialog", "Good bye"),
        element("c", "button", "Cancel", "d", "focused"),
        element("b", "button", "Log Out", "d"),
    )
    assert deny.verdict(Press(("enter",)), "c", told, isolated=True)
    assert not deny.verdict(Click(20, 20), "c", told, isolated=True)


def test_programs_that_would_end_our_view_are_left_alone() -> None:
    away = Element("x", None, "combobox", "", box=Box(0, 0, 9, 9), app="xfce4-display-settings")
    assert deny.verdict(Click(5, 5), "x", scene(away), isolated=True)
