"""The mirror on a real desktop: what it says is what the programs say, before and after actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from collector.episode.observing import Pace, settle
from envs.actions import Action, Click, Drag, PathPoint, Press, Write
from envs.types import Element
from envs.ubuntu import UbuntuEnv, template, wake
from infra import settings
from infra.clock import Deadline, SystemClock
from infra.hypervisor import Host, private_root
from infra.ids import RandomIds

pytestmark = pytest.mark.machine
CLOCK = SystemClock()


@pytest.fixture(scope="module")
def env() -> Iterator[UbuntuEnv]:
    """One fork for all: each test leaves the desktop as it found it."""
    chosen = settings.load()
    directory = template.find(chosen.image, chosen.cache)
    uuid = RandomIds().uuid()
    with Host(private_root(), CLOCK) as host:
        domain = host.fork(host.load_template(directory), f"test-{uuid[:8]}", uuid)
        try:
            made = wake(domain, 1)
            yield made
            made.close()
        finally:
            domain.destroy()


def do(env: UbuntuEnv, action: Action) -> None:
    before = env.screen()
    assert env.act(action, f"tree-{CLOCK.now_ns()}", 1).outcome == "applied"
    settle(env, before, CLOCK, Pace())


def found(env: UbuntuEnv, app: str, role: str, name: str = "") -> Element | None:
    fitting = [
        e
        for e in env.tree().elements
        if (e.app, e.role) == (app, role) and name in e.name and e.box is not None
    ]
    return fitting[0] if fitting else None


def eventually(claim: Callable[[], bool]) -> bool:
    """Whether it becomes true: a busy host's guest may act seconds after its screen stood still."""
    deadline = Deadline.after(CLOCK, 60.0)
    while not claim():
        if deadline.is_past():
            return False
        CLOCK.sleep(1.0)
    return True


def press(env: UbuntuEnv, element: Element | None) -> None:
    assert element is not None
    assert element.box is not None
    do(env, Click(*element.box.centre))


def test_every_program_of_the_template_is_there_and_current(env):
    tree = env.tree()
    windows = {e.app for e in tree.elements if e.role == "window"}
    assert {"mousepad", "galculator", "xfce4-terminal", "xfce4-panel"} <= {
        w.lower() for w in windows
    }
    assert not [e.id for e in tree.elements if e.stale]
    assert not tree.truncated


def test_a_quiet_guest_reads_the_same_twice(env):
    env.mirror.walk()
    assert env.tree().agrees_with(env.tree())


def test_a_menu_that_opens_is_in_the_tree_and_gone_when_it_closes(env):
    press(env, found(env, "galculator", "menu", "View"))
    items = {
        e.id for e in env.tree().elements
        if e.app == "galculator" and "menuitem" in e.role and e.box is not None
    }  # fmt: skip
    assert items
    do(env, Press(("esc",)))
    do(env, Press(("esc",)))
    assert eventually(lambda: items.isdisjoint(env.tree().by_id()))


def test_what_is_typed_becomes_the_value_of_the_text(env):
    text = found(env, "mousepad", "textbox")
    press(env, text)
    do(env, Write("mirrored "))
    assert text is not None
    assert eventually(lambda: "mirrored " in env.tree().by_id()[text.id].value)


def test_a_window_that_moves_takes_its_elements_along(env):
    before = found(env, "galculator", "toggle-button", "7") or found(
        env, "galculator", "button", "7"
    )
    assert before is not None
    press(env, before)
    window = found(env, "galculator", "window")
    assert window is not None
    assert window.box is not None
    x, y = window.box.centre[0], window.box.top + 10  # its title bar
    do(env, Drag(tuple(PathPoint(x - step * 30, y, step * 200) for step in range(5))))
    was = before.box
    assert was is not None
    assert eventually(lambda: (now := env.tree().by_id()[before.id].box) is not None and now < was)
    after = env.tree().by_id()[before.id]
    assert after.box is not None
    assert (after.box.width, after.box.height) == (before.box.width, before.box.height)


def test_after_all_that_a_whole_read_finds_nothing_the_mirror_missed(env):
    env.mirror.walk()
    examples = env.mirror.audits[-1].examples
    assert not [e for e in examples if "soffice" not in e], examples


def test_the_deepest_element_at_its_centre_is_itself(env):
    button = found(env, "galculator", "toggle-button", "7") or found(
        env, "galculator", "button", "7"
    )
    press(env, button)
    assert button is not None
    moved = env.tree().by_id()[button.id]
    assert moved.box is not None
    assert env.hit(*moved.box.centre) == button.id
