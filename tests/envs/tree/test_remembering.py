"""A mirror that starts from what another knew: the same tree, for almost no question."""

from __future__ import annotations

import pytest

from envs.tree import Mirror
from infra.clock import SystemClock
from infra.errors import Corrupt
from tests.envs.tree.stand_in_bus import Bus
from tests.envs.tree.test_mirror import editor


@pytest.fixture
def remembered():
    mirror = Mirror(Bus(editor()).connect, SystemClock(), 400, 300)
    mirror.open(5.0)
    tree = mirror.walk()
    memory = mirror.remember()
    mirror.close()
    return tree, memory


def opened(guest, memory):
    mirror = Mirror(guest.connect, SystemClock(), 400, 300)
    mirror.open(5.0, memory)
    return mirror


def test_a_fork_shows_the_same_tree_and_is_asked_for_its_windows_alone(remembered):
    tree, memory = remembered
    guest = Bus(editor())
    mirror = opened(guest, memory)
    guest.asked.clear()
    assert mirror.tree().elements == tree.elements
    assert {path for bus, path, _ in guest.asked if bus == ":1.5"} == {"/w"}
    mirror.close()


def test_what_changed_since_is_told_by_signals_and_found_by_the_audit(remembered):
    _, memory = remembered
    program = editor()
    program.thing("/label").name = "Find"
    mirror = opened(Bus(program), memory)
    assert mirror.tree().by_id()["1.5/label"].name == "Search for"
    assert mirror.walk().by_id()["1.5/label"].name == "Find"
    assert mirror.audits[-1].differences
    mirror.close()


def test_a_program_that_has_ended_since_is_not_shown(remembered):
    _, memory = remembered
    mirror = opened(Bus(), memory)
    assert mirror.tree().elements == ()
    mirror.close()


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_damaged_memory_is_refused(remembered, cut):
    _, memory = remembered
    with pytest.raises(Corrupt):
        opened(Bus(editor()), memory[:cut] + b"\x00" if cut else b"no memory of ours")
