"""Thoughts say only what the screen before the action shows, the same each time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs import actions as a
from envs.types import Box
from grounding.referring.whereabouts import whereabouts
from grounding.thoughts import gate, template
from grounding.thoughts.moment import Moment, Target, Thought
from grounding.thoughts.phrases import EN, ZH

SAVE = Target("button", "button", "按钮", "Save", "control")
MOMENT = Moment(
    index=1,
    lang="en",
    goal="Explore.",
    app="mousepad",
    window="Untitled - Mousepad",
    names=("File", "Edit", "Save"),
    count=12,
    action=a.Click(3, 4).as_record(),
    target=SAVE,
    times_before=0,
    is_page=False,
    seed="ep/1",
)
ON_SCREEN = ["File", "Edit", "Save", "Untitled - Mousepad", "mousepad"]
ACTIONS = [
    a.Click(1, 2),
    a.Click(1, 2, button="right"),
    a.DoubleClick(1, 2),
    a.Click(1, 2, clicks=3),
    a.MiddleClick(1, 2),
    a.MoveTo(1, 2),
    a.Drag((a.PathPoint(1, 1, 0), a.PathPoint(2, 2, 9))),
    a.Scroll(1, 2, dy=-3),
    a.Scroll(1, 2, dx=3),
    a.Write("hello world"),
    a.Write(""),
    a.Write('say "it"'),
    a.Press(("enter",)),
    a.Hotkey(("ctrl", "s")),
    a.KeyDown("a"),
    a.KeyUp("a"),
    a.HoldKey("shift"),
    a.MouseDown(),
    a.MouseUp("right"),
    a.UploadFile(1, 2, "notes.txt"),
    a.TabFocus(1),
    a.SelectOption(1, 2, "Blue"),
    a.Goto("http://127.0.0.1/"),
    a.GoBack(),
    a.Wait(),
    a.Terminate(),
]


def test_both_languages_have_the_same_phrases():
    assert set(EN) == set(ZH)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("target", [SAVE, None, replace(SAVE, name="")])
def test_the_template_teacher_passes_its_own_gate(action, lang, target):
    for seed in ("a", "b", "c", "d"):
        moment = replace(
            MOMENT, lang=lang, action=action.as_record(), target=target, seed=seed, index=0
        )
        thought = template.think(moment)
        assert gate.flaws(thought, ON_SCREEN, moment.action) == (), thought
        assert "{" not in thought.observation + thought.thought + thought.action_text


def test_the_same_step_is_told_the_same_way_and_others_vary():
    assert template.think(MOMENT) == template.think(MOMENT)
    told = {template.think(replace(MOMENT, seed=str(i))) for i in range(20)}
    assert len(told) > 5


def test_an_element_used_before_is_not_called_untried():
    said = template.think(replace(MOMENT, times_before=2)).thought
    assert "before" in said or "already" in said


def test_the_action_names_its_element():
    assert template.think(MOMENT).action_text.endswith('"Save" button.')
    assert "“Save”按钮" in template.think(replace(MOMENT, lang="zh")).action_text


FINE = Thought('The "File" menu is there.', "I open it.", 'Click the "File" menu.')


@pytest.mark.parametrize(
    ("words", "flaw"),
    [
        ('The "Print" button is there.', "quoted_name_not_on_screen"),
        ("“打印”按钮在这里。", "quoted_name_not_on_screen"),
        ("I click at (120, 340).", "coordinates"),
        ("I click at x=0.51.", "coordinates"),
        ("It is 40 pixels wide.", "coordinates"),
        ("点击坐标处。", "coordinates"),
        ("The red circle shows it.", "marker_talk"),
        ("In screenshot 3 it is open.", "marker_talk"),
        ("红框里的按钮。", "marker_talk"),
        ("  ", "empty"),
    ],
)
def test_the_gate_names_each_flaw(words, flaw):
    found = gate.flaws(replace(FINE, thought=words), ["File"], {"name": "click", "args": {}})
    assert found == (flaw,)


def test_the_gate_lets_typed_text_and_names_with_figures_through():
    thought = Thought('"Room (1, 2)" is there.', "It takes text.", 'Type "0.55" into it.')
    action = {"name": "write", "args": {"text": "0.55"}}
    assert gate.flaws(thought, ["Room (1, 2)"], action) == ()


@given(st.text())
def test_a_name_that_cannot_be_quoted_is_not_said(name):
    target = replace(SAVE, name=name)
    said = template.think(replace(MOMENT, target=target))
    assert gate.flaws(said, [*ON_SCREEN, name], MOMENT.action) == ()


def test_every_action_of_desktops_and_pages_has_a_sentence_of_its_own():
    said = [action for action in ACTIONS if "Do:" in template.action_text(told(action))]
    assert said == []


def told(action):
    return replace(MOMENT, action=action.as_record())


def test_a_window_whose_title_cannot_be_quoted_is_still_there():
    long = replace(MOMENT, window="x" * 99, app="")
    nothing = replace(MOMENT, window="", app="")
    denials = EN["nowhere"]
    assert not template.think(long).observation.startswith(denials)
    assert template.think(nothing).observation.startswith(denials)


@pytest.mark.parametrize(
    ("box", "en", "zh"),
    [
        (Box(0, 0, 20, 20), "cell at the top left of the screen", "屏幕左上方的单元格"),
        (Box(580, 380, 640, 400), "cell at the bottom right of the screen", "屏幕右下方的单元格"),
        (Box(300, 190, 320, 210), "cell in the middle of the screen", "屏幕中间的单元格"),
        (Box(300, 0, 320, 20), "cell at the top of the screen", "屏幕上方的单元格"),
        (Box(-9, 190, -5, 210), "cell at the left of the screen", "屏幕左方的单元格"),
    ],
)
def test_what_has_no_name_is_told_by_where_it_stands(box, en, zh):
    screen = Box(0, 0, 640, 400)
    assert whereabouts("cell", box, screen, "en") == en
    assert whereabouts("单元格", box, screen, "zh") == zh
