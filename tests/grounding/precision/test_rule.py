"""The rule by which a reading agrees with a name, and of which names a reading can be asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding.precision import rule
from grounding.scene import Scene
from tests.grounding.desk import SHOWN, element, observation, window

WORDS = st.text(alphabet="abcdefgh", min_size=3, max_size=12)


def why_not(name, box=(40, 40, 160, 70), **more):
    scene = Scene(observation(window(), element("b", "button", box, name, **more)))
    return rule.why_not(scene.nodes["b"], scene)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Save as", None), ("另存为", None), ("שמירה", None), ("OK", "short"), ("12 34", "short")],
)
def test_names_of_three_letters_in_a_script_that_is_read_can_be_asked(name, reason):
    assert why_not(name) == reason


def test_a_script_that_no_engine_reads_is_counted_apart():
    assert why_not("Сохранить") == "script"


def test_what_its_source_or_the_screen_cuts_is_not_wholly_shown():
    assert why_not("Save as", (40, 40, 420, 70)) is None
    assert why_not("Save as", (40, 40, 440, 70)) == "cut"
    assert why_not("Save as", states=SHOWN | {"clipped"}) == "cut"


def test_a_name_is_not_wholly_shown_where_a_text_in_it_is_cut():
    text = element(
        "t", "label", (40, 40, 160, 70), "Save as", parent="b", states=SHOWN | {"clipped"}
    )
    button = element("b", "button", (40, 40, 160, 70), "Save as copy")
    scene = Scene(observation(window(), button, text))
    assert rule.why_not(scene.nodes["b"], scene) == "cut"


def test_a_name_that_no_text_on_the_screen_bears_is_not_asked():
    assert why_not("Save as", name_source="aria-label") == "not_text"


@pytest.mark.parametrize(
    ("name", "read", "agrees"),
    [
        ("Save As…", ["Save As..."], True),
        ("Contents", ["Contents F1"], True),
        ("Move Tab Right", ["Move Tab", "Right Shift+Ctrl"], True),
        ("Preferences", ["Preferenoes"], True),
        ("Preferences", ["@Preferences"], True),
        ("Preferences", ["OPreferences now"], True),
        ("Undo", ["Redo"], False),
        ("New", ["renewable"], False),
        ("View", ["Viow"], False),
        ("Save", [], False),
        ("Ｆｕｌｌ width", ["full WIDTH"], True),
    ],
)
def test_a_run_of_whole_words_must_be_the_name_by_four_fifths(name, read, agrees):
    assert rule.agrees(name, read) is agrees


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, max_size=2))
def test_a_name_is_found_wherever_it_stands_whole(name, around):
    assert rule.likeness(" ".join(name), [" ".join([*around, *name, *around])]) == 1.0


@pytest.mark.parametrize(
    ("read", "elided"),
    [
        ("Application F...", True),
        ("0 Applicat…", True),
        ("QApplicati...", True),
        ("Application Finder", False),
        ("Applicat", False),
        ("Settings ...", False),
        ("...", False),
    ],
)
def test_a_name_is_elided_where_its_beginning_and_dots_are_read(read, elided):
    assert rule.is_elided("Application Finder", [read]) is elided


def test_the_beginning_of_an_elided_name_may_be_read_in_pieces():
    name = "line: 1 / 15 col: 0 sel: 0 INS mode: LF filetype: Python scope: unknown"
    pieces = ["line: 1 / 15", "col: 0", "sel: 0", "INS", "mode: LF", "filetype: ..."]
    assert rule.is_elided(name, pieces)
    assert not rule.is_elided(name, [*pieces[3:], "elsewhere ..."])
    assert not rule.is_elided(name, pieces[:-1])
    assert rule.is_elided(name, [*pieces[:-1], "..."])
