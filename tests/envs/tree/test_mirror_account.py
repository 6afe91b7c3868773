"""What is done to real programs of two toolkits leaves the mirror saying what they say themselves."""

from __future__ import annotations

import pytest

from tests.bench.accounts import Account, account, bring_up
from tests.bench.changes import Script, click, keys, windowing, write
from tests.bench.scripts import ABOVE, INSIDE

pytestmark = pytest.mark.machine
MOST_PERCENT = 0.1
CALCULATOR = Script(
    "GTK 3",
    "galculator",
    "galculator",
    (
        keys("type", "7", "8"),
        keys("menu", "alt+v"),
        keys("menu", "down"),
        keys("menu", "esc"),
        *windowing(INSIDE)[:3],
    ),
)
EDITOR = Script(
    "Qt 5",
    "FeatherPad",
    "expenses.csv",
    (
        click("menu", "menuitem", "File"),
        keys("menu", "right"),
        keys("menu", "esc", "esc"),
        keys("tab", "ctrl+n"),
        write("type", "textbox", "other"),
        click("tab", "tab", "expenses"),
        keys("dialog", "ctrl+o"),
        keys("dialog", "esc"),
        *windowing(ABOVE)[:3],
    ),
    "featherpad.desktop",
    "expenses.csv",
)


@pytest.mark.parametrize("script", [CALCULATOR, EDITOR], ids=["gtk-3", "qt-5"])
def test_after_each_change_the_mirror_says_what_a_reading_from_nothing_says(machine, script):
    env = machine()
    bring_up(env, script)
    accounts: list[Account] = [account(env, script, step) for step in script.steps]
    assert [a.kind for a in accounts if not a.happened] == []
    wrong = [cause for a in accounts for cause in a.wrong]
    assert 100 * len(wrong) / sum(a.nodes for a in accounts) <= MOST_PERCENT, wrong
