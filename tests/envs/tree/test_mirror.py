"""The mirror against a bus of stand-ins: what it asks, what it believes, what it keeps."""

from __future__ import annotations

import pytest

from envs.tree import Mirror
from envs.tree.atspi import ROOT_PATH
from envs.tree.audit import unaudited
from envs.tree.dbus_wire import Variant
from envs.types import Box
from infra.clock import SystemClock
from infra.errors import InfraLost
from tests.envs.tree.stand_in_bus import SHOWN, Bus, StandIn, Thing


def editor() -> StandIn:
    return StandIn(
        ":1.5",
        "editor",
        [
            Thing("/w", "frame", "Untitled", box=(0, 0, 400, 300), states=(*SHOWN, "active")),
            Thing("/bar", "menu-bar", parent="/w", box=(0, 0, 400, 20)),
            Thing("/file", "menu", "File", parent="/bar", interfaces=("Accessible", "Component", "Action"), actions=("Click",)),
            Thing("/open", "menu-item", "Open", parent="/file", states=("enabled",), box=(0, 0, 0, 0)),
            Thing("/label", "label", "Search for", parent="/w", box=(0, 30, 80, 20)),
            Thing("/entry", "entry", parent="/w", label="/label", text="needle", box=(90, 30, 80, 20), interfaces=("Accessible", "Component", "Text")),
            Thing("/secret", "password-text", "Password", parent="/w", text="hunter2", interfaces=("Accessible", "Component", "Text", "Value")),
            Thing("/bar2", "scroll-bar", parent="/w", value=12.5, interfaces=("Accessible", "Component", "Value")),
            Thing("/pic", "push-button", parent="/w", description="Close the tab"),
        ],
    )  # fmt: skip


@pytest.fixture
def program():
    return editor()


@pytest.fixture
def guest(program):
    return Bus(program)


@pytest.fixture
def mirror(guest):
    made = Mirror(guest.connect, SystemClock(), 400, 300)
    made.open(5.0)
    yield made
    made.close()


def named(tree, identity):
    return tree.by_id()[identity]


def test_what_shows_is_there_with_its_window_and_its_program(mirror):
    tree = mirror.tree()
    assert [e.id for e in tree.elements if e.parent is None] == ["1.5/org/a11y/atspi/accessible/root".replace("org/a11y/atspi/accessible/", "")]  # fmt: skip
    file = named(tree, "1.5/file")
    assert (file.role, file.name, file.name_source) == ("menu", "File", "a11y")
    assert (file.app, file.window, file.toolkit) == ("editor", "Untitled", "gtk")
    assert file.box == Box(10, 10, 110, 30)
    assert file.actions == ("Click",)
    assert {"showing", "visible", "enabled"} <= file.states
    assert tree.source == "atspi-mirror"
    assert tree.audited
    assert not tree.truncated


def test_parents_come_before_children(mirror):
    seen: set[str | None] = {None}
    for element in mirror.tree().elements:
        assert element.parent in seen
        seen.add(element.id)


def test_what_does_not_show_is_left_out_unless_asked_for(mirror):
    assert "1.5/open" not in mirror.tree().by_id()
    assert named(mirror.tree(hidden=True), "1.5/open").box is None


def test_a_name_says_where_it_came_from(mirror):
    tree = mirror.tree()
    entry, picture = named(tree, "1.5/entry"), named(tree, "1.5/pic")
    assert (entry.name, entry.name_source, entry.value) == ("Search for", "label", "needle")
    assert (picture.name, picture.name_source) == ("Close the tab", "description")


def test_a_password_is_never_read(mirror, guest):
    secret = named(mirror.tree(), "1.5/secret")
    assert secret.value == ""
    assert "protected" in secret.states
    assert not [a for a in guest.asked if a[1] == "/secret" and a[2] in ("GetText", "Get")]


def test_a_quiet_guest_is_asked_for_its_windows_only(mirror, guest):
    first = mirror.tree()
    guest.asked.clear()
    second = mirror.tree()
    asked = [(path, member) for _bus, path, member in guest.asked]
    assert asked == [(ROOT_PATH, "GetChildren"), ("/w", "GetExtents")]
    assert second.agrees_with(first)


def test_a_state_flips_without_a_question(mirror, guest, program):
    mirror.tree()
    program.thing("/pic").states = (*SHOWN, "pressed")
    guest.emit(program, "/pic", "StateChanged", "pressed", 1)
    assert "pressed" in named(mirror.tree(), "1.5/pic").states


def test_what_begins_to_show_is_asked_where_it_is(mirror, guest, program):
    mirror.tree()
    item = program.thing("/open")
    item.states, item.box = SHOWN, (5, 40, 60, 20)
    for state in ("visible", "showing"):
        guest.emit(program, "/open", "StateChanged", state, 1)
    assert named(mirror.tree(), "1.5/open").box == Box(5, 40, 65, 60)


def test_a_window_that_moved_moves_all_in_it(mirror, program):
    mirror.tree()
    program.thing("/w").box = (50, 0, 400, 300)
    program.thing("/file").box = (60, 10, 100, 20)
    assert named(mirror.tree(), "1.5/file").box == Box(60, 10, 160, 30)


def test_a_scroll_bar_moves_what_is_in_its_pane(mirror, guest, program):
    mirror.tree()
    program.thing("/label").box = (0, -10, 80, 20)
    program.thing("/bar2").value = 40.0
    guest.emit(program, "/bar2", "PropertyChange", "accessible-value", value=Variant("d", 40.0))
    tree = mirror.tree()
    assert named(tree, "1.5/label").box == Box(0, -10, 80, 10)
    assert named(tree, "1.5/bar2").value == "40"


def test_nodes_come_and_go_with_the_cache(mirror, guest, program):
    mirror.tree()
    new = Thing("/new", "push-button", "New", parent="/w", box=(1, 2, 3, 4))
    program.things.append(new)
    entry = Variant("((so)(so)(so)iiassusau)", program.entry(new))
    guest.emit(program, "/org/a11y/atspi/cache", "AddAccessible", kind="Cache", value=entry)
    assert named(mirror.tree(), "1.5/new").box == Box(1, 2, 4, 6)
    program.things.remove(new)
    gone = Variant("(so)", (":1.5", "/new"))
    guest.emit(program, "/org/a11y/atspi/cache", "RemoveAccessible", kind="Cache", value=gone)
    assert "1.5/new" not in mirror.tree().by_id()


def test_a_child_announced_and_never_described_is_found(mirror, guest, program):
    mirror.tree()
    program.things.append(Thing("/late", "label", "Late", parent="/bar"))
    child = Variant("(so)", (":1.5", "/late"))
    guest.emit(program, "/bar", "ChildrenChanged", "add", 1, value=child)
    assert named(mirror.tree(), "1.5/late").name == "Late"


def test_a_program_that_ends_takes_its_elements_along(mirror, guest):
    assert mirror.tree().elements
    guest.programs.clear()
    assert mirror.tree().elements == ()


def test_a_program_without_a_cache_is_walked(guest):
    guest.programs[":1.5"].toolkit = "Qt"
    mirror = Mirror(guest.connect, SystemClock(), 400, 300)
    mirror.open(5.0)
    tree = mirror.tree()
    assert named(tree, "1.5/file").name == "File"
    assert "1.5/open" not in tree.by_id()
    assert "GetAll" not in {member for _bus, _path, member in guest.asked}
    mirror.close()


def test_a_program_without_a_cache_is_asked_again_for_all_once_it_has_said_anything(guest, program):
    program.toolkit = "Qt"
    mirror = Mirror(guest.connect, SystemClock(), 400, 300)
    mirror.open(5.0)
    mirror.tree()
    program.thing("/bar").name, program.thing("/bar").states = "unannounced", ("enabled",)
    program.things.append(Thing("/new", "label", "also unannounced", parent="/w"))
    guest.emit(program, "/pic", "StateChanged", "focused", 1)
    tree = mirror.tree()
    assert named(tree, "1.5/new").name == "also unannounced"
    assert "1.5/file" not in tree.by_id(), "what hangs under a thing that does not show"
    assert tree.agrees_with(mirror.afresh())
    mirror.close()


def test_a_scroll_bar_that_moves_without_a_word_moves_what_it_scrolls(guest, program):
    program.toolkit = "Qt"
    mirror = Mirror(guest.connect, SystemClock(), 400, 300)
    mirror.open(5.0)
    mirror.tree()
    program.thing("/bar2").value, program.thing("/label").box = 40.0, (0, -10, 80, 20)
    tree = mirror.tree()
    assert named(tree, "1.5/bar2").value == "40"
    assert named(tree, "1.5/label").box == Box(0, -10, 80, 10)
    mirror.close()


def test_a_focus_that_moves_is_asked_of_who_had_it(mirror, guest, program):
    program.thing("/entry").states = (*SHOWN, "focused")
    mirror.tree()
    program.thing("/entry").states = SHOWN
    program.thing("/pic").states = (*SHOWN, "focused")
    guest.emit(program, "/pic", "StateChanged", "focused", 1)
    tree = mirror.tree()
    assert [e.id for e in tree.elements if "focused" in e.states] == ["1.5/pic"]


def test_a_reading_from_nothing_leaves_the_mirror_as_it_was(mirror, program):
    before = mirror.tree()
    program.thing("/pic").description = "nobody is told"
    assert named(mirror.afresh(), "1.5/pic").name == "nobody is told"
    assert mirror.tree().agrees_with(before)


def test_a_program_that_does_not_know_where_it_is_tells_no_place(guest):
    guest.programs[":1.5"].version = "4.8.3"
    mirror = Mirror(guest.connect, SystemClock(), 400, 300)
    mirror.open(5.0)
    tree = mirror.tree()
    assert named(tree, "1.5/file").name == "File"
    assert {element.box for element in tree.elements if element.app == "editor"} == {None}
    mirror.close()


def test_an_icon_view_lists_its_icons(mirror, guest, program):
    program.things.append(
        Thing("/icons", "layered-pane", parent="/w", states=(*SHOWN, "manages-descendants"), child_count=-1)
    )  # fmt: skip
    for number in range(3):
        program.things.append(
            Thing(f"/i{number}", "icon", f"icon {number}", "/icons", attributes={"cached": "no"})
        )
    assert named(mirror.tree(), "1.5/i2").name == "icon 2"
    for _again in range(2):
        assert named(mirror.walk(), "1.5/i2").name == "icon 2"
        assert mirror.audits[-1].is_clean


def test_an_object_made_on_demand_ends_and_still_shows(mirror, guest, program):
    program.things.append(
        Thing("/icons", "layered-pane", parent="/w", states=(*SHOWN, "manages-descendants"), child_count=-1)
    )  # fmt: skip
    program.things.append(Thing("/i0", "icon", "icon", "/icons", attributes={"cached": "no"}))
    before = named(mirror.tree(), "1.5/i0")
    gone = Variant("(so)", (":1.5", "/i0"))
    guest.emit(program, "/org/a11y/atspi/cache", "RemoveAccessible", kind="Cache", value=gone)
    assert named(mirror.tree(), "1.5/i0") == before
    program.thing("/i0").path = "/i8"
    mirror.walk()
    assert mirror.audits[-1].is_clean, "another object, the same to look at"
    program.thing("/i8").path = "/i9"
    guest.emit(program, "/icons", "VisibleDataChanged")
    assert named(mirror.tree(), "1.5/i9").name == "icon"


def test_a_plug_of_another_program_shows_in_its_socket(guest, program):
    socket = Thing("/socket", "filler", parent="/w", child_count=1, states=())
    socket.first_child = (":1.8", "/plug")
    program.things.append(socket)
    things = [
        Thing("/plug", "filler", parent="/nowhere", attributes={"cached": "no"}),
        Thing("/in", "push-button", "Log out", parent="/plug", attributes={"cached": "no"}),
    ]
    guest.programs[":1.8"] = StandIn(":1.8", "wrapper", things)
    mirror = Mirror(guest.connect, SystemClock(), 400, 300)
    mirror.open(5.0)
    button = named(mirror.tree(), "1.8/in")
    assert (button.name, button.parent, button.window) == ("Log out", "1.8/plug", "Untitled")
    assert named(mirror.tree(), "1.8/plug").parent == "1.5/socket"
    mirror.close()


def test_an_audit_counts_what_nobody_told(mirror, program):
    mirror.tree()
    assert mirror.walk().notes == ("audit: 0 differences, 0 trees back",)
    mirror.tree()
    program.thing("/pic").box = (7, 7, 7, 7)
    trees = [mirror.tree(), mirror.tree(), mirror.walk(), mirror.tree()]
    assert not mirror.audits[-1].is_clean
    assert mirror.audits[-1].differences == 1
    assert named(trees[2], "1.5/pic").box == Box(7, 7, 14, 14)
    assert unaudited(trees) == {0, 1}


def test_every_so_many_readings_everything_is_read_again(guest):
    mirror = Mirror(guest.connect, SystemClock(), 400, 300, audit_every=3)
    mirror.open(5.0)
    for _reading in range(9):
        mirror.tree()
    assert len(mirror.audits) == 2
    mirror.close()


def test_a_closed_mirror_says_so(guest):
    mirror = Mirror(guest.connect, SystemClock(), 400, 300)
    with pytest.raises(InfraLost):
        mirror.tree()
    mirror.open(5.0)
    mirror.close()
    mirror.close()
    with pytest.raises(InfraLost):
        mirror.hit(1, 1)


def test_a_hit_asks_the_program_down_to_the_deepest(mirror, guest):
    mirror.tree()
    guest.asked.clear()
    assert mirror.hit(12, 12) == "1.5/file"
    assert {member for _bus, _path, member in guest.asked} == {"GetAccessibleAtPoint"}
    assert mirror.hit(399, 299) == "1.5/w"
    assert mirror.hit(4000, 4000) is None


def test_a_tool_tip_that_its_program_lists_nowhere_is_held_while_it_shows(mirror, guest, program):
    mirror.tree()
    tip = Thing(
        "/tip",
        "tool-tip",
        "Save the file",
        parent="",
        attributes={"cached": "no"},
        box=(90, 40, 90, 20),
    )
    program.things.append(tip)
    guest.emit(program, "/tip", "StateChanged", "visible", 1)
    for read in (mirror.tree, mirror.walk):
        seen = named(read(), "1.5/tip")
        assert (seen.role, seen.name, seen.box) == (
            "tooltip",
            "Save the file",
            Box(90, 40, 180, 60),
        )
    tip.states = ("enabled",)
    guest.emit(program, "/tip", "StateChanged", "showing", 0)
    assert "1.5/tip" not in mirror.tree().by_id()
    guest.emit(program, "/tip", "StateChanged", "defunct", 1)
    program.things.remove(tip)
    assert "1.5/tip" not in mirror.walk().by_id()


def test_what_became_visible_unlisted_and_is_no_tool_tip_is_not_held(mirror, guest, program):
    mirror.tree()
    program.things.append(
        Thing("/cell", "table-cell", "Row", parent="", attributes={"cached": "no"})
    )
    for _ in range(100):
        guest.emit(program, "/cell", "StateChanged", "visible", 1)
    assert "1.5/cell" not in mirror.tree().by_id()
    asked = [path for _bus, path, member in guest.asked if member == "GetRole"]
    assert asked.count("/cell") == 1


def test_a_tab_that_changes_without_a_word_is_noticed(mirror, guest, program):
    program.things.append(tab := Thing("/tab", "page-tab", "One", parent="/w", box=(0, 30, 80, 20)))
    assert named(mirror.walk(), "1.5/tab").box == Box(0, 30, 80, 50)
    tab.box, tab.name, tab.states = (40, 30, 80, 20), "Two", (*tab.states, "selected")
    seen = named(mirror.tree(), "1.5/tab")
    assert (seen.box, seen.name) == (Box(40, 30, 120, 50), "Two")
    assert "selected" in seen.states
