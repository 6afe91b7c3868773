"""Actions as QEMU's events: the right keys and pixels, checked first, released whatever happens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.actions import (
    Click,
    Drag,
    HoldKey,
    Hotkey,
    KeyDown,
    KeyUp,
    PathPoint,
    Press,
    Scroll,
    SelectOption,
    Write,
)
from envs.keyboard import NAMED, canonical, key_of
from envs.ubuntu.host_input import AXIS, HostInput, at
from envs.ubuntu.keys import QCODES
from infra.clock import FakeClock
from infra.errors import ActionRejected, InfraLost


class Guest:
    """Takes events as QEMU does, and can stop taking them."""

    def __init__(self, takes: int = 10**9) -> None:
        self.events: list[dict[str, Any]] = []
        self.takes = takes
        self.clock = FakeClock()
        self.input = HostInput(self.send, self.clock, 1280, 800)

    def send(self, events: list[dict[str, Any]]) -> None:
        if self.takes == 0:
            self.takes = 10**9
            raise InfraLost("gone for a moment")
        self.takes -= 1
        self.events += events

    def keys(self) -> list[str]:
        """Keys in the order they went: `+a` down, `-a` up."""
        return [
            ("+" if e["data"]["down"] else "-") + e["data"]["key"]["data"]
            for e in self.events
            if e["type"] == "key"
        ]

    def buttons(self) -> list[str]:
        return [
            ("+" if e["data"]["down"] else "-") + e["data"]["button"]
            for e in self.events
            if e["type"] == "btn"
        ]


@given(st.integers(1, 4000), st.data())
def test_every_pixel_is_sent_by_its_own_middle(size: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, size - 1))
    value = at((size, 10), x, 0)[0]["data"]["value"]
    assert 0 <= value < AXIS
    assert value * size // AXIS == x


def test_a_click_moves_first_and_holds_its_modifiers() -> None:
    guest = Guest()
    guest.input.perform(Click(10, 20, button="right", clicks=2, modifiers=("ctrl", "shift")))
    assert guest.keys() == ["+ctrl", "+shift", "-shift", "-ctrl"]
    assert guest.buttons() == ["+right", "-right", "+right", "-right"]
    kinds = [e["type"] for e in guest.events]
    assert kinds == ["key", "key", "abs", "abs", "btn", "btn", "btn", "btn", "key", "key"]


def test_text_goes_in_key_by_key_with_shift_where_it_needs_it() -> None:
    guest = Guest()
    guest.input.perform(Write("aB!", clear=True, submit=True))
    assert guest.keys() == [
        "+ctrl",
        "+a",
        "-a",
        "-ctrl",
        "+backspace",
        "-backspace",
        "+a",
        "-a",
        "+shift",
        "+b",
        "-b",
        "-shift",
        "+shift",
        "+1",
        "-1",
        "-shift",
        "+ret",
        "-ret",
    ]


@given(st.text(st.characters(max_codepoint=0x3000), min_size=1, max_size=10))
def test_text_that_no_key_has_is_refused_before_anything_is_sent(text: str) -> None:
    guest = Guest()
    if all(key_of(c) for c in text):
        guest.input.perform(Write(text))
        assert guest.events
        return
    with pytest.raises(ActionRejected):
        guest.input.perform(Write(text))
    assert guest.events == []


def test_every_canonical_key_is_a_key_of_qemu() -> None:
    printable = {canonical(chr(code)) for code in range(32, 127)}
    assert (set(NAMED) | printable) - {None} == set(QCODES)


@pytest.mark.parametrize("name", ["return", "Return", "escape", "ctrlleft", "A", "\t", "pgdn"])
def test_aliases_are_keys_too(name: str) -> None:
    guest = Guest()
    guest.input.perform(Press((name,)))
    assert len(guest.keys()) == 2


@pytest.mark.parametrize(
    "action",
    [
        Press(("q", "nosuchkey")),
        Hotkey(("ctrl", "")),
        Click(1, 1, clicks=4),
        Click(1, 1, modifiers=("hyper",)),
        Drag((PathPoint(1, 1, 0),)),
        Drag((PathPoint(1, 1, 0), PathPoint(2, 2, 10**7))),
        Scroll(1, 1, dy=101),
        Scroll(1, 1, dx=1),
        HoldKey("a", 10**6),
        Press(("a",), presses=0),
        SelectOption(1, 1, "x"),
    ],
)
def test_what_cannot_go_in_is_refused_before_anything_is_sent(action: Any) -> None:
    guest = Guest()
    with pytest.raises(ActionRejected):
        guest.input.perform(action)
    assert guest.events == []


def test_a_drag_takes_the_time_of_its_path() -> None:
    guest = Guest()
    path = (PathPoint(0, 0, 0), PathPoint(50, 50, 400), PathPoint(99, 9, 1000))
    guest.input.perform(Drag(path))
    assert guest.clock.elapsed_s == pytest.approx(1.0, abs=0.3)
    assert guest.buttons() == ["+left", "-left"]
    assert guest.events[0]["type"] == "abs"


def test_a_turn_from_one_device_to_the_other_takes_its_time() -> None:
    guest = Guest()
    guest.input.perform(Write("a"))
    before = guest.clock.elapsed_s
    guest.input.perform(Write("b"))
    assert guest.clock.elapsed_s - before < 0.05
    guest.input.perform(Click(5, 5, modifiers=("shift",)))
    assert guest.clock.elapsed_s - before > 0.25


def test_the_wheel_turns_up_for_positive_and_once_a_notch() -> None:
    guest = Guest()
    guest.input.perform(Scroll(5, 5, dy=2))
    guest.input.perform(Scroll(5, 5, dy=-1))
    assert guest.buttons() == ["+wheel-up", "-wheel-up"] * 2 + ["+wheel-down", "-wheel-down"]


def test_what_is_held_when_it_breaks_is_released() -> None:
    guest = Guest(takes=2)
    with pytest.raises(InfraLost):
        guest.input.perform(Hotkey(("ctrl", "shift", "a")))
    assert guest.keys() == ["+ctrl", "+shift", "-ctrl", "-shift"]


def test_what_an_earlier_action_holds_stays_held() -> None:
    guest = Guest()
    guest.input.perform(KeyDown("shift"))
    guest.takes = 1
    with pytest.raises(InfraLost):
        guest.input.perform(Click(1, 1, modifiers=("ctrl",)))
    assert guest.keys() == ["+shift", "+ctrl", "-ctrl"]
    guest.input.perform(KeyUp("shift"))
    assert guest.keys()[-1] == "-shift"
