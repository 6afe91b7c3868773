"""What a step did is told by name, in both languages, and never more than the screens show."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from envs.types import Observation
from grounding.effects import Found, Shown, found
from grounding.effects.found import Kind
from grounding.scene import Scene
from grounding.thoughts.reflections import reflect
from tests.grounding.desk import SHOWN, element, observation, window

BUTTON = element("b", "button", (40, 40, 120, 70), "Find…")
FIELD = element("f", "entry", (40, 90, 200, 110), "Name")
BOX = element("c", "check-box", (40, 130, 200, 150), "Word wrap")
BASE = (window(), BUTTON, FIELD, BOX)


def did(*after: object, element_=BUTTON, before: tuple[object, ...] = BASE, **how: bool) -> Found:
    old, new = (Shown(Scene(_look(parts))) for parts in (before, after))
    return found(old, new, element_, **how)


def _look(parts: object) -> Observation:
    return observation(*parts)  # type: ignore[misc]


def test_a_dialog_that_opened_is_named():
    dialog = window("d", "Find and Replace", (60, 60, 300, 200), role="dialog")
    seen = did(*BASE, dialog)
    assert (seen.kind, seen.names, seen.what) == ("opened", ("Find and Replace",), "dialog")
    assert '"Find and Replace" dialog' in reflect("en", seen, "s")
    assert "“Find and Replace”对话框" in reflect("zh", seen, "s")


def test_a_window_of_a_stranger_is_not_what_the_button_did():
    other = window("d", "Mail", (60, 60, 300, 200), app="mail")
    assert did(*BASE, other).kind != "opened"


def test_keys_that_went_to_no_element_open_what_the_program_in_front_opens():
    before = (window(), BUTTON)
    late = window("d", "Terminal", (60, 60, 300, 200), app="terminal")
    own = window("d", "Find", (60, 60, 300, 200))
    assert did(*before, late, element_=None, before=before).kind != "opened"
    assert did(*before, own, element_=None, before=before).names == ("Find",)


def test_a_second_window_of_the_same_title_is_another():
    assert did(*BASE, window("w2", "Editor", (30, 30, 400, 300))).way == "another"


def test_a_menu_is_told_by_its_entries():
    menu = [
        element(f"m{n}", "menu-item", (40, 70 + 20 * n, 140, 88 + 20 * n), name)
        for n, name in enumerate(("New", "Open…", "Save"))
    ]
    seen = did(*BASE, *menu)
    assert seen.kind == "menu"
    said = reflect("en", seen, "s")
    assert '"New"' in said
    assert '"Open…"' in said


def test_a_field_holds_what_was_typed_and_a_secret_is_not_told():
    filled = replace(FIELD, value="Ada")
    seen = did(window(), BUTTON, filled, BOX, element_=FIELD)
    assert (seen.kind, seen.names, seen.own) == ("holds", ("Ada",), True)
    secret = replace(FIELD, role="password-text")
    hidden = did(
        window(), BUTTON, replace(secret, value="hunter2"), BOX,
        element_=secret, before=(window(), BUTTON, secret, BOX),
    )  # fmt: skip
    assert "hunter2" not in str(hidden)


def test_a_check_box_is_on_now():
    seen = did(window(), BUTTON, FIELD, replace(BOX, states=SHOWN | {"checked"}), element_=BOX)
    assert (seen.kind, seen.subject, seen.own) == ("on", "Word wrap", True)
    assert '"Word wrap" check box' in reflect("en", seen, "s")


def test_what_moved_scrolled_only_after_an_action_that_scrolls():
    rows = [
        element(f"r{n}", "label", (40, 150 + 20 * n, 140, 165 + 20 * n), f"Row {n}")
        for n in range(6)
    ]
    up = [
        replace(r, box=replace(r.box, top=r.box.top - 20, bottom=r.box.bottom - 20)) for r in rows
    ]
    before = (*BASE, *rows)
    assert did(*BASE, *up, before=before).kind == "scrolled"
    assert did(*BASE, *up, before=before, turns=False).kind != "scrolled"


def test_only_the_picture_changed_and_nothing_changed_are_two_things():
    assert did(*BASE).kind == "picture"
    assert did(*BASE, did=False).kind == "nothing"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_kind_is_told_with_and_without_a_name(lang):
    for kind in get_args(Kind):
        for names in ((), ("A", "B"), ('a "b"',)):
            way = "down" if kind == "scrolled" else ""
            said = reflect(lang, Found(kind, names, "button", "X", way=way), "s")
            assert said.endswith((".", "。"))
            assert '""' not in said
            assert "“”" not in said
