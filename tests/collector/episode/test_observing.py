from __future__ import annotations

from dataclasses import replace

from collector.episode.hitting import hit_tested
from collector.episode.observing import Pace, observe
from envs.fake import fake
from envs.fake.machine import FakeEnv
from envs.types import Tree
from infra.clock import FakeClock


class Untold:
    """A fake machine whose trees bring no hit tests; it answers for many pixels at once."""

    def __init__(self, env: FakeEnv) -> None:
        self.env, self.asked = env, 0

    def tree(self) -> Tree:
        tree = self.env.tree()
        return replace(tree, elements=tuple(replace(e, hit=None) for e in tree.elements))

    def screen(self):
        return self.env.screen()

    def hit(self, x: int, y: int) -> str | None:
        return self.env.hit(x, y)

    def hits(self, points: list[tuple[int, int]]) -> list[str | None]:
        self.asked += len(points)
        return [self.env.hit(x, y) for x, y in points]


def test_hit_tests_asked_for_agree_with_what_the_machine_says_itself() -> None:
    env = fake(seed=2, clock=FakeClock())
    told = env.tree().by_id()
    seen = observe(Untold(env), FakeClock(), Pace())
    assert seen.observation.stable
    answers = {e.id: e.hit for e in seen.observation.tree.elements}
    assert all(answers[key] == told[key].hit for key in answers)
    assert {True, False} <= set(answers.values())


def test_what_a_tree_already_says_is_not_asked_again() -> None:
    env = fake(seed=2, clock=FakeClock())
    machine = Untold(env)
    tree = env.tree()
    assert hit_tested(tree, env.screen(), machine) == tree
    assert machine.asked == 0


def test_where_the_machine_cannot_say_nothing_is_said() -> None:
    env = fake(seed=2, clock=FakeClock())
    machine = Untold(env)
    machine.hits = lambda points: [None] * len(points)
    assert {e.hit for e in hit_tested(machine.tree(), env.screen(), machine).elements} == {None}
