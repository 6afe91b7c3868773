from __future__ import annotations

from dataclasses import replace

import numpy as np

from collector.episode.aim import truth
from collector.episode.observing import Pace, alike, observe
from collector.explore import Choice
from envs.actions import Click, Press
from envs.base import Capabilities
from envs.fake import Faults, fake
from envs.fake.machine import FakeEnv
from envs.types import Element, Screen, Tree
from infra.clock import FakeClock


def machine(**faults: bool) -> FakeEnv:
    return fake(seed=2, faults=Faults(**faults), clock=FakeClock())


def untold(tree: Tree) -> Tree:
    return replace(tree, elements=tuple(replace(e, hit=None) for e in tree.elements))


def covered(env: FakeEnv) -> Element:
    """A button that another window lies over."""
    return next(e for e in env.tree().elements if e.hit is False and e.role == "button")


def test_a_quiet_machine_is_seen_at_the_first_try() -> None:
    seen = observe(machine(), FakeClock(), Pace()).observation
    assert (seen.stable, seen.tries) == (True, 1)


def test_a_screen_that_moves_is_looked_at_again_but_not_for_ever() -> None:
    class Moving(FakeEnv):
        shots = 0

        def screen(self) -> Screen:
            self.shots += 1
            pixels = super().screen().pixels.copy()
            pixels[:40, :40] = self.shots * 50 % 256
            return Screen(pixels, 0)

    seen = observe(Moving(2, 960, 600, Faults(), FakeClock()), FakeClock(), Pace()).observation
    assert (seen.stable, seen.tries) == (True, Pace().restless_tries)


def test_the_word_of_an_audit_made_meanwhile_is_kept_with_the_tree() -> None:
    class Audited(FakeEnv):
        reads = 0

        def tree(self) -> Tree:
            self.reads += 1
            tree = super().tree()
            return replace(tree, notes=("audit: 2 differences, 9 trees back",) * (self.reads == 2))

    seen = observe(Audited(2, 960, 600, Faults(), FakeClock()), FakeClock(), Pace()).observation
    assert seen.tree.notes == ("audit: 2 differences, 9 trees back",)


def test_a_caret_is_no_movement() -> None:
    one = np.zeros((60, 60, 3), dtype=np.uint8)
    other = one.copy()
    other[10:28, 5:7] = 255
    assert alike(Screen(one, 0), Screen(other, 1))
    other[10:40, 5:40] = 255
    assert not alike(Screen(one, 0), Screen(other, 1))


def test_what_lies_over_the_aim_is_what_is_pressed() -> None:
    env = machine()
    target = covered(env)
    assert target.box is not None
    x, y = target.box.centre
    wanted = Choice(Click(x, y), target.id, "click")
    told = truth(wanted, untold(env.tree()), env)
    assert told.element_id == env.hit(x, y) != target.id
    assert told.action == wanted.action


def test_an_aim_that_is_free_stays_as_it_is() -> None:
    env = machine()
    tree = env.tree()
    free = next(e for e in tree.elements if e.hit and e.role == "window")
    assert free.box is not None
    wanted = Choice(Click(*free.box.centre), free.id)
    assert truth(wanted, untold(tree), env) == wanted
    key = Choice(Press(("tab",)), free.id)
    assert truth(key, untold(tree), env) == key


def test_a_machine_that_cannot_tell_is_not_asked() -> None:
    env = machine()
    target = covered(env)
    assert target.box is not None
    env.capabilities = Capabilities("desktop", hit_test=False)
    wanted = Choice(Click(*target.box.centre), target.id)
    assert truth(wanted, untold(env.tree()), env) == wanted
