"""Each gate lets the good through and names why it stops the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding import gates
from grounding.elements import data_type, harvest
from grounding.scene import Known, Scene
from tests.grounding.desk import SHOWN, element, observation, window
from tests.grounding.plain import gates as plain


def reasons(*elements, **how):
    return harvest(Scene(observation(*elements, **how))).reasons


def kept(*elements, **how):
    return [node.id for node in harvest(Scene(observation(*elements, **how))).kept]


def test_a_plain_button_in_the_active_window_is_kept():
    assert kept(window(), element("b", "button", (40, 40, 120, 70), "Save")) == ["b"]


@pytest.mark.parametrize(
    ("reason", "box", "more"),
    [
        ("stale", (40, 40, 120, 70), {"stale": True}),
        ("not_showing", (40, 40, 120, 70), {"states": frozenset({"visible", "sensitive"})}),
        ("no_box", None, {}),
        ("no_box", (50, 50, 40, 60), {}),
        ("off_screen", (700, 40, 760, 70), {}),
        ("off_screen", (430, 40, 500, 70), {}),
        ("clipped", (390, 40, 500, 70), {}),
        ("too_small", (40, 40, 43, 70), {}),
        ("occluded", (40, 40, 120, 70), {"hit": False}),
        ("blank", (40, 40, 120, 70), {"description": "blank"}),
    ],
)
def test_a_button_is_dropped_for(reason, box, more):
    assert reasons(window(), element("b", "button", box, "Save", **more))["b"] == reason


def test_an_element_as_large_as_the_screen_is_the_screen():
    big = element("d", "document-text", (0, 0, 640, 400), "Text", parent="w")
    assert reasons(window("w", box=(0, 0, 640, 400)), big)["d"] == "too_large"


def test_containers_go_unless_they_can_be_pressed():
    found = reasons(
        window(),
        element("panel", "panel", (30, 30, 400, 200), "Tools"),
        element("pressed", "panel", (30, 210, 400, 300), "Card", actions=("click",)),
    )
    assert found["panel"] == "container"
    assert "pressed" not in found


def test_text_pictures_and_grips_without_a_name_say_nothing():
    found = reasons(
        window(),
        element("t", "label", (40, 40, 120, 70)),
        element("i", "image", (40, 80, 120, 110)),
        element("s", "scroll-bar", (400, 40, 410, 300)),
        element("b", "button", (40, 120, 70, 150)),
        element("c", "cell", (40, 160, 70, 190), actions=("click",)),
        element("star", "label", (40, 200, 70, 220), "★ ·"),
    )
    assert found["t"] == found["c"] == found["star"] == "no_text"
    assert found["i"] == "unnamed_picture"
    assert found["s"] == "unnamed_grip"
    assert "b" not in found, "a button without a name can still be pressed"


def test_what_lies_behind_the_active_window_is_occluded():
    found = reasons(
        window("back", "Back", (200, 100, 630, 390), active=False),
        element("under", "button", (250, 150, 330, 180), "Under", parent="back"),
        element("beside", "button", (500, 150, 600, 180), "Beside", parent="back"),
        window(),
    )
    assert found["under"] == "occluded"
    assert "beside" not in found


def test_two_windows_of_unknown_order_ground_only_where_they_do_not_overlap():
    found = reasons(
        window("a", "A", (20, 20, 220, 200), active=False),
        window("b", "B", (150, 20, 400, 200), active=False),
        element("both", "button", (160, 40, 210, 70), "Both", parent="a"),
        element("alone", "button", (30, 40, 100, 70), "Alone", parent="a"),
        window("c", "C", (450, 20, 600, 200)),
    )
    assert found["both"] == "occlusion_unknown"
    assert "alone" not in found


def test_a_hit_test_tells_the_order_of_two_windows():
    found = reasons(
        window("a", "A", (20, 20, 220, 200), active=False),
        window("b", "B", (150, 20, 400, 200), active=False),
        element("top", "button", (160, 40, 210, 70), "Top", parent="a", hit=True),
        element("part", "button", (120, 80, 200, 110), "Part", parent="a"),
        element("below", "button", (170, 120, 300, 150), "Below", parent="b"),
        window("c", "C", (450, 20, 600, 200)),
    )
    assert not {"top", "part"} & set(found)
    assert found["below"] == "occluded"


def test_the_desktop_lies_behind_every_window_and_a_menu_in_front():
    desktop = window("desk", "Desktop", (0, 0, 640, 400), active=False, app="xfdesktop")
    menu = element("m", "menu", (30, 30, 70, 50), "File")
    item = element("open", "menu-item", (30, 50, 180, 75), "Open", parent="m")
    second = element("quit", "menu-item", (30, 75, 180, 100), "Quit", parent="m")
    found = reasons(
        desktop,
        element("icon", "icon", (100, 100, 160, 160), "Home", parent="desk"),
        element("free", "icon", (500, 100, 560, 160), "Trash", parent="desk"),
        window(),
        menu,
        item,
        second,
        element("under", "button", (60, 60, 150, 90), "Under"),
    )
    assert found["icon"] == "occluded"
    assert found["under"] == "occluded"
    assert not {"free", "open", "quit", "m"} & set(found)


def test_a_page_answers_for_itself_with_its_hit_test():
    found = reasons(
        element("page", "document", (0, 0, 640, 400), "Shop", parent=None),
        element("on", "button", (40, 40, 120, 70), "Buy", parent="page", hit=True),
        element("off", "button", (40, 90, 120, 120), "Sell", parent="page", hit=False),
        element("item", "listitem", (40, 200, 300, 230), "A line", parent="page", hit=True),
        source="dom",
    )
    assert found["off"] == "occluded"
    assert not {"on", "item"} & set(found)


def test_a_name_is_said_once_by_what_can_be_pressed():
    found = harvest(
        Scene(
            observation(
                window(),
                element("b", "button", (40, 40, 120, 70), "Save"),
                element("l", "label", (50, 45, 110, 65), "Save", parent="b"),
                element("copy", "button", (40, 40, 120, 70), "Save"),
            )
        )
    )
    assert [node.id for node in found.kept] == ["b"]
    assert found.twins == {"l": "b", "copy": "b"}
    assert found.dropped["duplicate"] == 2


def test_of_two_nested_things_in_one_place_the_named_one_that_can_be_pressed_stays():
    found = harvest(
        Scene(
            observation(
                window(),
                element("outer", "label", (40, 40, 120, 70)),
                element("link", "link", (40, 40, 120, 70), "More", parent="outer"),
            )
        )
    )
    assert [node.id for node in found.kept] == ["link"]


def test_a_label_around_its_check_box_is_only_its_reach():
    found = reasons(
        element("label", "generic", (40, 40, 200, 70), "on Wrap", parent=None, actions=("click",)),
        element("box", "checkbox", (42, 42, 60, 60), "Wrap", parent="label", actions=("click",)),
        source="dom",
    )
    assert found == {"label": "container"}


def test_what_stands_in_a_named_picture_is_the_picture():
    found = reasons(
        element("stars", "img", (40, 40, 200, 70), "4 of 5 stars", parent=None),
        element("text", "text", (42, 42, 60, 60), "4 of", parent="stars"),
        source="dom",
    )
    assert found == {"text": "duplicate"}


def test_a_sliver_of_what_the_page_cut_off_is_clipped():
    cut = element(
        "b", "button", (40, 0, 200, 8), "Go", parent=None, states=SHOWN | {"clipped"}, hit=True
    )
    assert reasons(cut, source="dom") == {"b": "clipped"}


def test_a_disabled_control_is_kept_and_not_interactable():
    off = element(
        "b", "button", (40, 40, 120, 70), "Undo", states=frozenset({"showing", "visible"})
    )
    node = harvest(Scene(observation(window(), off))).kept[0]
    assert not node.interactable


def test_every_reason_is_declared():
    found = reasons(
        window(),
        element("a", "button", None, "A"),
        element("b", "panel", (30, 30, 100, 100), "B"),
    )
    assert set(found.values()) <= set(gates.REASONS)


@pytest.mark.parametrize(
    ("role", "box", "name", "expected"),
    [
        ("button", (40, 40, 72, 72), "New document", "icon"),
        ("button", (40, 40, 140, 70), "Save", "text"),
        ("button", (40, 40, 240, 170), "", "widget"),
        ("check-box", (40, 40, 140, 60), "Wrap", "widget"),
        ("entry", (40, 40, 140, 60), "Name", "widget"),
        ("label", (40, 40, 140, 60), "Name", "text"),
        ("icon", (40, 40, 140, 60), "Home", "icon"),
    ],
)
def test_the_data_type_follows_what_a_person_looks_for(role, box, name, expected):
    node = harvest(Scene(observation(window(), element("e", role, box, name)))).kept[0]
    assert data_type(node) == expected


def test_states_of_sources_without_showing_are_believed():
    quiet = element(
        "b", "button", (40, 40, 120, 70), "Go", states=SHOWN - {"showing"}, parent=None, hit=True
    )
    assert kept(quiet, source="dom") == ["b"]


regions = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(0, 4), st.integers(0, 143))


@settings(max_examples=100, deadline=None)
@given(regions)
def test_a_region_is_blank_exactly_where_no_channel_spreads(drawn):
    height, width, spread, at = drawn
    seen = observation(element("b", "button", (40, 40, 40 + width, 40 + height), "Save"))
    pixels = np.full((400, 640, 3), 200, np.uint8)
    pixels[40 + at // width % height, 40 + at % width, at % 3] = 200 + spread
    scene = Scene(replace(seen, screen=replace(seen.screen, pixels=pixels)))
    assert (gates.has_pixels(scene.nodes["b"], scene) == "blank") is (
        spread <= gates.FLAT_LEVELS or width * height == 1
    )


def test_of_two_that_lie_over_each_other_in_one_window_neither_is_kept():
    tab = element("tab", "tab", (40, 50, 120, 72), "Symbols")
    tool = element("tool", "button", (100, 40, 140, 70), "Open")
    beside = element("beside", "button", (141, 40, 180, 70), "Save")
    assert kept(window(), tab, tool, beside) == ["beside"]
    assert reasons(window(), tab, tool) == {
        "win": "container",
        "tab": "occlusion_unknown",
        "tool": "occlusion_unknown",
    }


def test_elements_that_stand_in_each_other_are_judged_all_the_same():
    grey = {"states": frozenset({"showing", "visible"})}
    one = element("one", "menu", (40, 40, 140, 140), "One", parent="other", **grey)
    other = element("other", "menu", (150, 40, 240, 140), "Other", parent="one", **grey)
    assert kept(window(), one, other) == ["other"], "the first opens as a menu under it"


def test_where_a_hit_test_spoke_or_one_holds_the_other_nothing_is_unknown():
    tab = element("tab", "tab", (40, 50, 120, 72), "Symbols", hit=True)
    tool = element("tool", "button", (100, 40, 140, 70), "Open")
    inside = element("inside", "button", (110, 45, 130, 65), "Close", parent="tool")
    assert kept(window(), tab, tool, inside) == ["tab", "tool", "inside"]


def test_what_stands_under_a_program_is_a_dialog_whatever_its_role():
    program = element("app", "application", None, "editor", parent=None)
    covered = element("b", "button", (60, 60, 120, 80), "Save")
    chooser = element(
        "colours", "color-chooser", (50, 50, 300, 300), "Colours", parent="app",
        states=SHOWN | {"active"},
    )  # fmt: skip
    apply = element("apply", "button", (200, 200, 280, 230), "Apply", parent="colours")
    frame = replace(window(active=False), parent="app")
    assert kept(program, frame, covered, chooser, apply) == ["apply"]
    assert kept(program, frame, covered) == ["b"]


def test_under_a_window_that_tells_no_place_only_panels_and_pop_ups_are_known_to_show():
    nowhere = replace(window("modern", "Clocks"), box=None)
    button = element("b", "button", (60, 60, 120, 80), "Save")
    panel = replace(window("panel", "Panel", (0, 380, 640, 400)), app="xfce4-panel")
    menu = element("m", "button", (10, 382, 80, 398), "Applications", parent="panel")
    assert kept(window(), button, panel, menu) == ["b", "m"]
    assert kept(window(), nowhere, button, panel, menu) == ["m"]
    hidden = replace(nowhere, states=frozenset({"visible"}))
    assert kept(window(), hidden, button) == ["b"]


@pytest.mark.parametrize("role", ["combobox", "combo-box"])
@pytest.mark.parametrize("unfolded", [False, True])
def test_items_of_a_combo_box_show_only_while_it_is_unfolded(unfolded, role):
    states = SHOWN | {"expandable"} | ({"expanded"} if unfolded else set())
    found = kept(
        window(),
        element("zoom", role, (40, 40, 160, 70), "100 %", states=states),
        element("choices", "list", (40, 70, 160, 160), parent="zoom"),
        element("half", "list-item", (40, 75, 160, 100), "50 %", parent="choices"),
    )
    assert found == (["zoom", "half"] if unfolded else ["zoom"])


def test_items_of_a_combo_box_whose_list_has_no_place_do_not_show():
    found = kept(
        window(),
        element("zoom", "combo-box", (40, 40, 160, 70), "100 %"),
        element("choices", "list", None, parent="zoom"),
        element("half", "list-item", (30, 75, 160, 100), "50 %", parent="choices"),
        element("typed", "textbox", (42, 42, 120, 68), "Zoom", parent="zoom"),
    )
    assert "half" not in found
    assert "typed" in found


@pytest.mark.parametrize(("app", "found"), [("paint", []), ("mail", ["b"])])
def test_a_dialog_may_stay_over_the_active_window_of_its_own_program(app, found):
    button = element("b", "button", (40, 40, 120, 70), "Save", parent="win")
    dialog = window("ask", "Ask", (20, 20, 300, 200), active=False, role="dialog", app=app)
    active = window(app="paint")
    assert [one for one in kept(active, button, dialog) if one == "b"] == found


@pytest.mark.parametrize(("button", "found"), [("Editor", ["b"]), ("Terminal", []), ("", [])])
def test_an_active_window_with_an_open_menu_is_in_front_where_the_panel_agrees(button, found):
    panel = window("panel", "Panel", (0, 380, 640, 400), active=False, app="xfce4-panel")
    turn = element("turn", "toggle-button", (0, 382, 60, 398), button, parent="panel",
                   states=SHOWN | {"checked"}, app="xfce4-panel")  # fmt: skip
    menu = element("file", "menu", (20, 20, 60, 40), "File")
    item = element("new", "menuitem", (20, 200, 120, 220), "New", parent="file")
    over = window("late", "Terminal", (200, 30, 400, 180), active=False, app="terminal")
    under = element("b", "button", (240, 40, 320, 70), "Save")
    got = kept(panel, turn, window(), menu, item, under, over)
    assert [one for one in got if one == "b"] == found
    assert "new" in got


def test_of_a_menu_longer_than_the_screen_nothing_is_kept_under_its_arrow_or_a_panel():
    panel = replace(window("panel", "Panel", (0, 380, 640, 400)), app="xfce4-panel")
    tops = range(-40, 480, 20)  # the first two are above the screen, the last four below
    items = [
        element(f"i{top}", "menuitem", (100, top, 200, top + 20), f"Item {top}", parent="long")
        for top in tops
    ]
    found = kept(window(), element("long", "menu", (20, 20, 60, 40), "File"), *items, panel)
    assert [one for one in found if one != "long"] == [f"i{top}" for top in range(20, 360, 20)]


corners = st.tuples(
    st.integers(-2, 30), st.integers(-2, 18), st.integers(0, 30), st.integers(0, 18)
)
desktops = st.lists(
    st.tuples(
        st.sampled_from(
            ["frame", "dialog", "popup-menu", "button", "label", "menu", "list", "icon"]
        ),
        corners,
        st.sampled_from(["", "Save", "..."]),
        st.sampled_from([None, True, False]),
        st.booleans(),
        st.integers(0, 40),
    ),
    max_size=25,
)


def drawn_desktop(drawn):
    """Windows and what stands in them, each in one of those before it or in none."""
    listed = []
    for number, (role, (x, y, w, h), name, hit, placed, parent) in enumerate(drawn):
        box = (20 * x, 20 * y, 20 * (x + w), 20 * (y + h)) if placed or number % 3 else None
        under = f"e{parent}" if parent < number else None
        states = SHOWN | {"active"} if number % 4 == 0 else SHOWN
        how = {"hit": hit, "parent": under, "states": states, "description": "blank" * (h % 2)}
        listed.append(element(f"e{number}", role, box, name, **how))
    return observation(*listed)


@settings(max_examples=200, deadline=None)
@given(desktops)
def test_all_nodes_at_once_fail_the_gates_that_each_fails_alone(drawn):
    scene = Scene(drawn_desktop(drawn))
    assert scene.over == plain.over(scene)
    found = [(node.id, reason) for node, reason in gates.reasons(scene)]
    assert found == [(n.id, plain.reason(n, scene)) for n in scene.nodes.values()]


@settings(max_examples=100, deadline=None)
@given(desktops, st.lists(st.integers(0, 24), max_size=6))
def test_what_is_known_of_earlier_screens_changes_no_scene(drawn, gone):
    """The same elements come again while others go: each scene is what it is alone."""
    known, first = Known(), drawn_desktop(drawn)
    for left_out in [None, *gone, None]:
        among = tuple(e for e in first.tree.elements if e.id != f"e{left_out}")
        seen = replace(first, tree=replace(first.tree, elements=among))
        together, alone = Scene(seen, known), Scene(seen)
        assert together.surfaces == alone.surfaces
        for one, other in zip(together.nodes.values(), alone.nodes.values(), strict=True):
            assert told(one) == told(other)
        assert list(map(reason_of, gates.reasons(together))) == list(
            map(reason_of, gates.reasons(alone))
        )


def told(node):
    """What a node says of itself, and what it stands in."""
    of = node.id, node.name, node.box, node.surface, node.kind, node.shows, node.interactable
    return *of, node.ratio, [above.id for above in node.above]


def reason_of(found):
    return found[0].id, found[1]
