"""Action code that every known reader takes as it is meant, and that reads back the same."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs import actions as a
from grounding.dialects.code import emit
from grounding.dialects.parse import parse
from grounding.dialects.vocabulary import (
    AGENTNET,
    AGUVIS,
    SMOL2OPERATOR,
    VOCABULARIES,
    Inexpressible,
)
from infra.errors import HostileInput

W, H = 1280, 800
xs, ys = st.integers(0, W - 1), st.integers(0, H - 1)
points = st.tuples(xs, ys)
safe_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1
).filter(lambda t: t.isprintable() and not set("'\")\\") & set(t))
keys = st.lists(st.sampled_from(["ctrl", "shift", "a", "enter", "f5"]), min_size=1, max_size=3)
turns = st.integers(-40, 40).filter(bool)
lossless = st.one_of(
    points.map(lambda p: a.Click(*p)),
    points.map(lambda p: a.DoubleClick(*p)),
    points.map(lambda p: a.RightClick(*p)),
    points.map(lambda p: a.MoveTo(*p)),
    st.tuples(points, points).map(lambda d: a.Drag((a.PathPoint(*d[0], 0), a.PathPoint(*d[1], 0)))),
    st.tuples(points, turns).map(lambda s: a.Scroll(*s[0], dy=s[1])),
    st.tuples(points, turns).map(lambda s: a.Scroll(*s[0], dx=s[1])),
    st.builds(a.Write, safe_text, clear=st.booleans(), submit=st.booleans()),
    keys.map(lambda k: a.Hotkey(tuple(k))),
    st.tuples(keys, st.integers(1, 4)).map(lambda p: a.Press(tuple(p[0]), p[1])),
)
more_in_agentnet = st.one_of(
    points.map(lambda p: a.MiddleClick(*p)),
    points.map(lambda p: a.TripleClick(*p)),
    st.integers(1, 9).map(lambda s: a.Wait(float(s))),
    st.sampled_from([a.Terminate("success"), a.Terminate("failure")]),
)


def code(action: a.Action, words=AGENTNET, width=W, height=H) -> str:
    return emit(action.as_record(), width, height, words)


def reason(action: a.Action, words=AGENTNET) -> str:
    with pytest.raises(Inexpressible) as caught:
        code(action, words)
    return caught.value.reason


@given(lossless, st.sampled_from(sorted(VOCABULARIES)))
def test_what_is_lossless_reads_back_the_same_in_every_dialect(action, name):
    assert parse(code(action, VOCABULARIES[name]), W, H) == action


@given(more_in_agentnet)
def test_agentnet_has_words_for_more(action):
    assert parse(code(action), W, H) == action


@pytest.mark.parametrize(
    ("action", "written"),
    [
        (a.Click(1244, 776), "pyautogui.click(x=0.9719, y=0.97)"),
        (a.Hotkey(("ctrl", "c")), "pyautogui.hotkey(keys=['ctrl', 'c'])"),
        (a.Press(("enter",)), "pyautogui.press(keys=['enter'])"),
        (a.Write("hello"), "pyautogui.write(message='hello')"),
        (a.Scroll(640, 400, dy=-3), "pyautogui.moveTo(x=0.5, y=0.5)\npyautogui.scroll(-3)"),
        (
            a.Drag((a.PathPoint(0, 0, 0), a.PathPoint(9, 9, 5), a.PathPoint(640, 400, 9))),
            "pyautogui.moveTo(x=0.0, y=0.0)\npyautogui.dragTo(x=0.5, y=0.5, button='left')",
        ),
        (a.Terminate("success"), "computer.terminate(status='success')"),
    ],
)
def test_it_is_written_as_the_published_files_are(action, written):
    assert code(action) == written


def test_keys_are_a_keyword_since_positional_ones_are_mangled():
    for action in (a.Hotkey(("ctrl", "shift", "t")), a.Press(("down", "down"))):
        call = ast.parse(code(action), mode="eval").body
        assert isinstance(call, ast.Call)
        assert not call.args
        assert [k.arg for k in call.keywords] == ["keys"]


def test_a_drag_is_a_pair_since_a_lone_one_has_no_start():
    lines = code(a.Drag((a.PathPoint(1, 2, 0), a.PathPoint(3, 4, 9)))).split("\n")
    assert [line.split("(")[0] for line in lines] == ["pyautogui.moveTo", "pyautogui.dragTo"]


@pytest.mark.parametrize(
    ("text", "quoted"), [("it's", '"it\'s"'), ('say "a"', "'say \"a\"'"), ("plain", "'plain'")]
)
def test_quotes_are_chosen_by_content_and_never_escaped(text, quoted):
    assert code(a.Write(text), AGUVIS) == f"pyautogui.write(message={quoted})"


def test_both_kinds_of_quotes_cannot_be_said_unescaped():
    assert reason(a.Write('it\'s "a"')) == "both_quotes"


@pytest.mark.parametrize("text", ["f(x)", "a\\b", "two\nlines"])
def test_text_that_a_reader_would_cut_is_refused_there_and_kept_elsewhere(text):
    assert reason(a.Write(text), AGUVIS) == "unsafe_text"
    assert parse(code(a.Write(text)), W, H) == a.Write(text)


@given(st.integers(1, 60), st.sampled_from([1, -1]))
def test_a_reader_that_turns_scrolling_round_gets_a_dialect_of_its_own(notches, sign):
    written = code(a.Scroll(5, 5, dy=sign * notches), SMOL2OPERATOR)
    page = float(re.search(r"scroll\(page=(-?[\d.]+)\)", written)[1])
    assert ("up" if page < 0 else "down") == ("up" if sign > 0 else "down")
    assert int(abs(page * 100)) == notches


@pytest.mark.parametrize(
    "action",
    [
        a.MiddleClick(1, 1),
        a.TripleClick(1, 1),
        a.Click(1, 1, clicks=3),
        a.KeyDown("a"),
        a.SelectOption(1, 1, "x"),
        a.HoldKey("a"),
    ],
)
def test_what_a_reader_drops_or_raises_on_is_refused_there(action):
    for words in (AGUVIS, SMOL2OPERATOR):
        assert reason(action, words).startswith("no_word_")


def test_a_reader_that_raises_on_every_terminate_gets_none():
    assert reason(a.Terminate(), SMOL2OPERATOR) == "no_word_terminate"


def test_the_last_pixel_stays_below_one_and_one_outside_is_refused():
    assert code(a.Click(39_999, 0), width=40_000) == "pyautogui.click(x=0.9999, y=0.0)"
    assert code(a.Click(W - 1, H - 1)) == "pyautogui.click(x=0.9992, y=0.9988)"
    for x, y in ((W, 5), (5, H), (-1, 5)):
        assert reason(a.Click(x, y)) == "off_screen"


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (a.Click(1, 1, modifiers=("ctrl",)), "modifiers"),
        (a.Click(1, 1, button="right", clicks=2), "click_count"),
        (a.Scroll(1, 1), "scroll_direction"),
        (a.Write(""), "no_text"),
        (a.Goto("http://x"), "no_word_goto"),
        (a.Drag((a.PathPoint(1, 1, 0),)), "drag_without_path"),
        (a.Press(("'",)), "odd_key"),
    ],
)
def test_the_reason_is_named(action, why):
    assert reason(action) == why


@pytest.mark.parametrize(
    "hostile",
    [
        "__import__('os').system('id')",
        "pyautogui.click(x=open('/etc/passwd'), y=1)",
        "pyautogui.click(x=1.5, y=0.5)",
        "x = 1",
        "pyautogui.click(",
        "pyautogui.dance(x=0.1, y=0.1)",
        "",
    ],
)
def test_nothing_but_our_calls_with_literals_is_read(hostile):
    with pytest.raises(HostileInput):
        parse(hostile, W, H)
