"""An expression is given only where it picks out one thing for a person who looks at the screen."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from grounding.elements import harvest
from grounding.referring.speak import Said
from grounding.referring.things import things
from grounding.scene import Scene
from tests.grounding.desk import element, observation, window
from tests.grounding.plain import names as plain_names
from tests.grounding.plain.names import picks_only
from tests.grounding.plain.places import by_place
from tests.grounding.plain.relations import by_neighbour


def said(*elements, **how):
    scene = Scene(observation(*elements, **how))
    found = Said(lambda: things(harvest(scene)), scene.screen)
    return {key: [(e.text, e.lang, e.kind) for e in many] for key, many in found.items()}


def test_a_unique_name_is_said_alone_and_with_its_role_in_both_languages():
    of = said(window(), element("b", "button", (40, 40, 120, 70), "Save"))["b"]
    assert ("Save", "en", "name") in of
    assert ('the "Save" button', "en", "role_name") in of
    assert ("“Save”按钮", "zh", "role_name") in of


def test_a_chinese_name_is_chinese():
    of = said(window(), element("b", "button", (40, 40, 120, 70), "保存"))["b"]
    assert ("保存", "zh", "name") in of


def test_a_name_that_two_bear_is_told_apart_by_the_window():
    of = said(
        window("a", "Left", (10, 10, 200, 300)),
        element("x", "button", (40, 40, 120, 70), "Close", parent="a"),
        window("b", "Right", (300, 10, 600, 300), active=False),
        element("y", "button", (340, 40, 420, 70), "Close", parent="b"),
    )
    assert not [e for e in of["x"] if e[2] in {"name", "role_name"}]
    assert ('the "Close" button in the "Left" window', "en", "relation") in of["x"]
    assert ("“Right”窗口中的“Close”按钮", "zh", "relation") in of["y"]


def test_what_is_dropped_but_can_be_seen_makes_a_name_ambiguous():
    of = said(window("w", "Save"), element("b", "button", (40, 40, 120, 70), "Save", parent="w"))[
        "b"
    ]
    assert ("Save", "en", "name") not in of, "the window's title says Save too"
    assert ('the "Save" button', "en", "role_name") in of


def test_the_only_one_of_its_role_and_the_outermost():
    of = said(
        window(),
        element("e", "entry", (40, 200, 200, 230)),
        element("l", "button", (40, 40, 100, 70)),
        element("r", "button", (200, 40, 260, 70)),
    )
    assert ("the only text field on the screen", "en", "place") in of["e"]
    assert ("the leftmost button on the screen", "en", "place") in of["l"]
    assert ("屏幕最右边的按钮", "zh", "place") in of["r"]


def test_the_third_of_a_row():
    tabs = [element(f"t{i}", "tab", (40 + 70 * i, 40, 100 + 70 * i, 70), f"T{i}") for i in range(4)]
    of = said(window(), *tabs)
    assert ("the third tab from the left", "en", "place") in of["t2"]
    assert ("从左数第二个标签页", "zh", "place") in of["t1"]


def test_a_field_is_told_by_the_label_beside_it():
    of = said(
        window(),
        element("l1", "label", (40, 40, 100, 60), "Name"),
        element("f1", "entry", (110, 40, 300, 60)),
        element("l2", "label", (40, 80, 100, 100), "City"),
        element("f2", "entry", (110, 80, 300, 100)),
    )
    assert ('the text field to the right of "Name"', "en", "relation") in of["f1"]
    assert ("“City”右侧的文本框", "zh", "relation") in of["f2"]


def test_a_neighbour_whose_name_two_bear_serves_nobody():
    of = said(
        window(),
        element("l1", "label", (40, 40, 100, 60), "Name"),
        element("l2", "label", (40, 200, 100, 220), "Name"),
        element("f1", "entry", (110, 40, 300, 60)),
        element("f2", "entry", (110, 200, 300, 220)),
    )
    assert not [e for e in of["f1"] if e[2] == "relation"]


boxes = st.tuples(st.integers(20, 380), st.integers(20, 350)).map(
    lambda at: (at[0], at[1], at[0] + 30, at[1] + 20)
)
names = st.sampled_from(["Save", "save", "Open", "", "保存"])
rows = st.lists(st.tuples(st.sampled_from(["button", "label", "entry"]), boxes, names), max_size=12)


@settings(max_examples=60, deadline=None)
@given(rows)
def test_no_name_expression_ever_fits_two(drawn):
    scene = Scene(
        observation(window(), *[element(f"e{i}", r, b, n) for i, (r, b, n) in enumerate(drawn)])
    )
    among = things(harvest(scene))
    spoken = [(e.text, e.lang) for many in Said(lambda: among, scene.screen).values() for e in many]
    assert len(spoken) == len(set(spoken)), "one sentence, two elements"
    for thing in among:
        if picks_only(lambda t, f=thing.folded: t.folded == f, thing, among) and thing.name:
            assert sum(t.folded == thing.folded for t in among) == 1


roles = st.sampled_from(["button", "label", "entry", "tab", "icon", "menu"])
places = st.tuples(st.integers(0, 38), st.integers(0, 36), st.integers(1, 8), st.integers(1, 3))
crowds = st.lists(
    st.tuples(
        roles, places, st.sampled_from(["", "a", "A", "b", "Save", "Open", "x" * 50, "保存"])
    ),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(crowds, st.booleans())
def test_counting_once_gives_the_same_words_as_comparing_each_with_all(drawn, two_windows):
    parents = ["win", "other"] if two_windows else ["win"]
    scene = Scene(
        observation(
            window(box=(0, 0, 640, 400)),
            *([window("other", "Other", (0, 0, 640, 400))] if two_windows else []),
            *[
                element(
                    f"e{i}",
                    role,
                    (10 * x, 10 * y, 10 * (x + w), 10 * (y + h)),
                    name,
                    parent=parents[i % len(parents)],
                )
                for i, (role, (x, y, w, h), name) in enumerate(drawn)
            ],
        )
    )
    among = things(harvest(scene))
    quick = Said(lambda: among, scene.screen)
    assert quick == {t.id: plainly(t, among, scene.screen) for t in among if t.kept}


def plainly(thing, among, screen):
    said = [
        *plain_names.by_name(thing, among),
        *plain_names.by_role_and_name(thing, among),
        *by_place(thing, among, screen),
        *by_neighbour(thing, among),
    ]
    return list({(e.text, e.lang): e for e in reversed(said)}.values())[::-1]
