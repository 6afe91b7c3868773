"""Elements are drawn, pressed and judged on one machine; here a fake one tells what it did."""

from __future__ import annotations

import random

import pytest

from collector.precision import desktops
from collector.precision.figures import as_record
from collector.precision.presses import Presser
from envs.fake import fake
from envs.tree.events import Told
from envs.types import Box
from infra import settings
from infra.clock import FakeClock
from infra.errors import NotFound
from infra.ids import RandomIds
from infra.progress import Silent

SAID = {"focused", "checked", "selected"}


class Ears:
    """Hears of every state that changed between two looks at a machine."""

    def __init__(self, env):
        self.env, self.states = env, {}

    def overhear(self):
        self.states = self.now()

    def now(self):
        return {e.id: e.states & SAID for e in self.env.tree().elements}

    def told(self):
        before, self.states = self.states, self.now()
        return [
            Told(key, "StateChanged", state, int(state in states), "")
            for key, states in self.states.items()
            for state in states ^ before.get(key, frozenset())
        ]


def pressed(seed, kept=12, dropped=4):
    clock = FakeClock()
    env = fake(seed=seed, clock=clock)
    ids = RandomIds(clock, random.Random(seed))
    presser = Presser(env, Ears(env), clock, ids, random.Random(seed))
    return env, list(presser.presses(kept, dropped))


def test_a_machine_names_what_is_pressed_on_it():
    _, presses = pressed(1, 20, 0)
    told = as_record(presses)
    assert told["after"]["count"] >= 3
    assert told["after"]["share"] == 1.0, told["disagreements"]


def test_each_element_is_pressed_once_and_never_more_than_were_asked():
    _, presses = pressed(2)
    places = [(p.program, p.role, p.name, p.box.left, p.box.top) for p in presses]
    assert len(places) == len(set(places))
    assert sum(not p.reason for p in presses) <= 12
    assert all(sum(p.offered) for p in presses)


def test_a_machine_whose_boxes_are_wrong_is_found_out(monkeypatch):
    right = Box.centre.fget
    assert right is not None
    monkeypatch.setattr(Box, "centre", property(lambda box: (right(box)[0], right(box)[1] + 60)))
    _, presses = pressed(1, 20, 0)
    assert as_record(presses)["after"]["share"] != 1.0


def test_the_figures_count_the_silent_apart_and_both_sides_before_the_gates():
    _, presses = pressed(3, 16, 6)
    told = as_record(presses)
    for side in (told["after"], told["dropped"]):
        assert side["count"] + side["silent"] + side["elsewhere"] == side["pressed"]
    assert told["after"]["pressed"] + told["dropped"]["pressed"] == len(presses)
    assert sum(p["pressed"] for p in told["programs"]) == told["after"]["pressed"]


def test_a_program_that_no_desktop_opens_is_refused_with_the_nearest():
    with pytest.raises(NotFound, match="geany"):
        list(desktops.pressed(settings.load(), 1, 1, Silent(), ["geani.desktop"]))


@pytest.mark.machine
def test_a_real_program_names_what_is_pressed_in_it_and_an_ended_check_goes_on(tmp_path):
    chosen = settings.load().model_copy(update={"home": tmp_path})

    def check():
        return desktops.pressed(chosen, 4, 5, Silent(), ["galculator.desktop"])

    begun = check()
    first = [next(begun), next(begun)]
    begun.close()
    presses = list(check())
    assert presses[:2] == first
    assert list(check()) == presses
    told = as_record(presses)
    assert told["after"]["pressed"] == 4
    assert told["after"]["agreed"] >= 2
    assert told["disagreements"] == []
