"""Text in any script: cut so that every character of a part has a keycode of its own."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.guest.faults import Refused
from envs.guest.script import UNICODE, batches, keysym, spare_keycodes


@given(st.text(max_size=200), st.integers(1, 10))
def test_the_parts_are_the_message_and_none_needs_more_keycodes(message: str, most: int) -> None:
    parts = list(batches(message, most))
    assert "".join(parts) == message
    assert all(0 < len(set(part)) <= most for part in parts)


@given(st.text(max_size=100), st.integers(1, 10))
def test_no_part_could_have_been_longer(message: str, most: int) -> None:
    parts = list(batches(message, most))
    for part, following in itertools.pairwise(parts):
        assert len(set(part + following[0])) > most


def test_characters_have_the_names_that_x_gives_them() -> None:
    assert keysym("a") == 0x61
    assert keysym("é") == 0xE9
    assert keysym("汉") == UNICODE + 0x6C49
    assert keysym("\n") == 0xFF0D


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_refused(character: str) -> None:
    with pytest.raises(Refused):
        keysym(character)


def test_a_keycode_is_spare_when_it_carries_nothing_or_what_was_lent() -> None:
    mapping = [[0x61, 0x41], [0, 0], [UNICODE + 0x6C49, 0], [0xFF0D, 0]]
    assert spare_keycodes(mapping, 8) == [9, 10]
