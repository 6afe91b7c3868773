"""What counts as a program's word about an element that was pressed."""

from __future__ import annotations

import pytest

from collector.precision import witness
from envs.tree.events import Told
from tests.grounding.desk import element, window

ROW = (40, 100, 200, 120)
TREE = {
    one.id: one
    for one in (
        window("win"),
        window("behind", "Mail"),
        element("save", "button", (40, 40, 120, 70), "Save"),
        element("open", "button", (140, 40, 220, 70), "Open"),
        element("menu", "menu", (40, 20, 80, 40), "File"),
        element("item", "menuitem", (40, 40, 90, 60), "New", parent="menu"),
        element("check", "checkbox", (40, 80, 200, 100), parent="win"),
        element("words", "label", (60, 80, 200, 100), "Wrap lines", parent="check"),
        element("table", "table", (40, 100, 300, 200)),
        element("icon", "cell", (40, 100, 60, 120), parent="table"),
        element("name", "cell", (60, 100, 200, 120), "Music", parent="table"),
        element("tabs", "tablist", (40, 300, 300, 320)),
        element("tab", "tab", (40, 300, 100, 320), "Fonts", parent="tabs"),
        element("page", "panel", (40, 320, 300, 380)),
        element("size", "label", (50, 330, 100, 350), "Size:", parent="page"),
        element("folders", "list", (40, 240, 300, 300)),
        element("music", "listitem", (40, 240, 300, 260), "Music", parent="folders"),
        element("last", "listitem", (40, 480, 300, 500), "Videos", parent="folders"),
        element("elsewhere", "window", (300, 240, 400, 300), "Other", window="Other"),
        element("box", "combobox", (130, 40, 220, 60), "Videos"),
        element("choice", "listitem", (130, 60, 220, 80), "Music", parent="box"),
        element("below", "cell", (60, 120, 200, 140), "Videos", parent="table"),
    )
}


def state(source, detail, on=1):
    return Told(source, "StateChanged", detail, on, "")


def active(source):
    return Told(source, "ActiveDescendantChanged", "", 1, source)


ACTIVATED = Told("win", "WindowActivate", "", 1, "")
ANOTHER = Told("behind", "WindowActivate", "", 1, "")


@pytest.mark.parametrize(
    ("pressed", "told", "word"),
    [
        ("save", [state("save", "focused")], "named"),
        ("save", [state("open", "focused"), state("save", "armed")], "named"),
        ("save", [state("save", "checked", 0)], "named"),
        ("save", [Told("save", "TextCaretMoved", "", 4, "")], "named"),
        ("menu", [state("item", "selected")], "named"),
        ("item", [state("menu", "selected")], "silent"),
        ("item", [state("menu", "selected"), state("save", "focused")], "other"),
        ("words", [state("check", "checked", 0)], "named"),
        ("name", [active("icon")], "named"),
        ("name", [active("below")], "other"),
        ("save", [state("open", "focused")], "other"),
        ("save", [state("open", "pressed")], "other"),
        ("save", [], "silent"),
        ("save", [state("open", "focused", 0)], "silent"),
        ("save", [Told("open", "TextCaretMoved", "", 4, "")], "silent"),
        ("save", [state("came-with-it", "focused")], "silent"),
        ("save", [ACTIVATED, state("open", "focused")], "silent"),
        ("save", [ACTIVATED, state("open", "selected")], "other"),
        ("save", [ANOTHER], "other"),
        ("save", [state("music", "selected")], "elsewhere"),
        ("save", [state("music", "selected"), state("open", "focused")], "other"),
        ("music", [state("last", "selected")], "other"),
        ("save", [state("elsewhere", "focused")], "other"),
        ("size", [state("tabs", "focused")], "silent"),
        ("size", [state("tab", "selected")], "other"),
    ],
)
def test_the_words_of_programs(pressed, told, word):
    assert witness.testimony(TREE[pressed], told, [], TREE, TREE, None).word == word


@pytest.mark.parametrize(
    ("told", "later", "word"),
    [
        ([], [state("save", "focused")], "named"),
        ([], [state("open", "focused"), active("below"), state("name", "selected")], "silent"),
        ([], [state("open", "pressed")], "other"),
        ([], [state("check", "checked")], "other"),
        ([], [ANOTHER, state("check", "checked")], "silent"),
        ([], [ANOTHER], "silent"),
        ([state("open", "focused")], [state("name", "selected")], "other"),
    ],
)
def test_what_is_chosen_once_the_button_is_up_is_what_the_press_did(told, later, word):
    assert witness.testimony(TREE["save"], told, later, TREE, TREE, None).word == word


def test_what_was_pressed_before_says_nothing_of_the_next_press():
    told = [state("open", "focused"), state("open", "pressed")]
    last = TREE["open"]
    assert witness.testimony(TREE["save"], told, [], TREE, TREE, last).word == "silent"
    told.append(state("check", "checked"))
    assert witness.testimony(TREE["save"], told, [], TREE, TREE, last).named == ("check",)


def test_a_box_says_nothing_of_the_press_that_closes_the_list_which_was_chosen_from_before():
    told, chosen = [state("box", "focused")], TREE["choice"]
    assert witness.testimony(TREE["save"], told, [], TREE, TREE, chosen).word == "silent"
    assert witness.testimony(TREE["save"], told, [], TREE, TREE, TREE["open"]).word == "other"
    assert witness.testimony(TREE["box"], told, [], TREE, TREE, chosen).word == "named"


def test_what_was_named_instead_is_told_once():
    told = [state("open", "focused"), state("open", "pressed"), state("check", "checked")]
    assert witness.testimony(TREE["save"], told, [], TREE, TREE, None).named == ("open", "check")


def test_an_element_that_is_gone_leaves_the_turn_to_another_window():
    after = {key: one for key, one in TREE.items() if key != "save"}
    assert witness.testimony(TREE["save"], [ANOTHER], [], TREE, after, None).word == "silent"
