"""The explorer of menus: everything that opens is opened, once in a run, and closed again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from collector.explore.explorers import EXPLORERS
from collector.explore.memory import Memory
from collector.explore.start import Start
from envs import actions as do
from envs.recording.types import Recording
from envs.types import Box
from tests.collector.explore.driving import on_fake
from tests.collector.explore.test_walk import seen, thing, window

MENUS = {
    "form/menu/File", "form/menu/Edit", "notes/menu/File", "notes/menu/Edit", "notes/menu/View",
    "files/menu/File", "files/menu/View",
}  # fmt: skip


def opened(recording: Recording) -> Counter[str]:
    steps = [step for step in recording.steps if step.why.startswith("opens menu")]
    return Counter(step.element_id or "" for step in steps)


def test_each_menu_is_opened_once_in_a_run(tmp_path: Path) -> None:
    memory = Memory()
    total: Counter[str] = Counter()
    for _ in range(2):
        total += opened(on_fake(tmp_path, "menus", 1, 40, memory))
    assert total.keys() <= MENUS
    assert len(total) >= len(MENUS) - 1
    assert set(total.values()) == {1}


def test_open_menus_are_closed_and_some_items_are_chosen(tmp_path: Path) -> None:
    steps = [s for seed in range(2) for s in on_fake(tmp_path, "menus", seed, 30).steps]
    whys = Counter(step.why for step in steps)
    assert whys["closes the menu"] > 3
    assert any(why.startswith("click on menuitem") and "..." in why for why in whys)
    kinds = {step.action.name for step in steps}
    assert kinds >= {"click", "right_click", "press"}


def test_where_nothing_is_left_the_episode_says_so(tmp_path: Path) -> None:
    memory = Memory()
    for _ in range(2):
        recording = on_fake(tmp_path, "menus", 2, 100, memory)
    assert recording.close is not None
    assert "nothing was left to open" in recording.close.reason


def test_the_same_seed_opens_alike(tmp_path: Path) -> None:
    one, two = (on_fake(tmp_path / str(n), "menus", 5, 15) for n in range(2))
    assert [s.action for s in one.steps] == [s.action for s in two.steps]


def test_a_submenu_is_hovered_over_or_opened_and_then_the_menu_is_closed() -> None:
    menu = thing("m", "popup-menu", "", Box(50, 50, 140, 110))
    items = [
        thing("i0", "menuitem", "Copy", Box(50, 50, 140, 70), "m"),
        thing("i1", "menu", "Send to", Box(50, 70, 140, 90), "m"),
    ]
    hovers = set()
    for seed in range(8):
        policy = EXPLORERS["menus"](Start(seed, isolated=True))
        first, second, third = (
            policy.choose(seen(window("active"), menu, *items), []) for _ in range(3)
        )
        assert first.element_id == "i1"
        hovers.add(first.action.name)
        assert second.action == do.Press(("right",))
        assert isinstance(third.action, do.Press)
        assert third.action.keys[0] in {"esc", "down"}
    assert hovers == {"move_to", "click"}


def test_a_tool_bars_tip_is_hovered_over_and_waited_for() -> None:
    bar = thing("t", "toolbar", "", Box(0, 0, 300, 30))
    tool = thing("b", "button", "", Box(10, 4, 40, 24), "t")
    policy = EXPLORERS["menus"](Start(1, isolated=True))
    choices = [policy.choose(seen(window("active"), bar, tool), []) for _ in range(4)]
    at = next(i for i, c in enumerate(choices) if c.element_id == "b")
    assert isinstance(choices[at].action, do.MoveTo)
    assert isinstance(choices[at + 1].action, do.Wait)


def test_a_menu_that_a_page_draws_into_itself_is_closed_too() -> None:
    page = thing("p", "document", "Mail", Box(0, 0, 300, 200), None)
    opener = thing("o", "button", "Account", Box(10, 10, 90, 30), "p", "has-popup", "expanded")
    menu = thing("m", "menu", "", Box(10, 30, 90, 90), "p")
    items = [
        thing(f"i{n}", "menuitem", f"Item {n}", Box(10, 30 + 20 * n, 90, 50 + 20 * n), "m")
        for n in range(3)
    ]
    for seed in range(6):
        policy = EXPLORERS["menus"](Start(seed, "web", isolated=True))
        choice = policy.choose(seen(page, opener, menu, *items, source="dom"), [])
        assert isinstance(choice.action, do.Press)
        assert choice.action.keys[0] in {"esc", "down"}
