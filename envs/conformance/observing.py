"""Checks of what a machine shows: its screen, its element tree, its hit test."""

from __future__ import annotations

import numpy as np

from envs.conformance.subject import (
    QUIET_SHARE,
    Skipped,
    Subject,
    difference,
    expect,
)
from envs.types import Box, Tree
from infra import limits

FEWEST_ELEMENTS = 5
MOST_PROBES = 12
AGREE = 0.8
CLOCK_SLACK_NS = 1_000_000_000


def _tree(s: Subject) -> Tree:
    if not s.env.capabilities.tree:
        raise Skipped("this machine has no element tree")
    return s.env.tree()


def _needs_hit_test(s: Subject) -> None:
    if not s.env.capabilities.hit_test:
        raise Skipped("this machine has no hit test")


def screen_is_rgb_bytes(s: Subject) -> None:
    """Height × width × 3, unsigned bytes."""
    pixels = s.env.screen().pixels
    expect(pixels.dtype == np.uint8, f"pixels of {pixels.dtype}")
    expect(pixels.ndim == 3 and pixels.shape[2] == 3, f"pixels of shape {pixels.shape}")


def screen_has_the_declared_size(s: Subject) -> None:
    """As many pixels as the machine says it has."""
    screen, info = s.env.screen(), s.env.info
    found, declared = (screen.width, screen.height), (info.width, info.height)
    expect(found == declared, f"a screen of {found}, declared {declared}")


def screen_shows_something(s: Subject) -> None:
    """It is not one colour."""
    colours = len(np.unique(s.env.screen().pixels.reshape(-1, 3)[::97], axis=0))
    expect(colours > 4, f"{colours} colours on the whole screen")


def screen_times_go_forward(s: Subject) -> None:
    """Each screen is newer than the one before, by the host's clock."""
    start = s.clock.now_ns()
    first, second = s.env.screen(), s.env.screen()
    expect(start - CLOCK_SLACK_NS <= first.t_ns <= second.t_ns, "times that go back")
    expect(second.t_ns <= s.clock.now_ns() + CLOCK_SLACK_NS, "a time in the future")


def screen_repeats_while_nothing_happens(s: Subject) -> None:
    """A quiet machine shows the same picture twice."""
    settled = s.settle()
    expect(difference(settled, s.env.screen()) <= QUIET_SHARE, "two screens in a row differ")


def screen_is_the_callers_own(s: Subject) -> None:
    """Painting over a screen changes no other."""
    first = s.settle()
    kept = first.pixels.copy()
    if first.pixels.flags.writeable:
        first.pixels[:] = 255 - first.pixels
    again = s.env.screen().pixels
    share = float(np.any(kept != again, axis=2).mean()) if kept.shape == again.shape else 1.0
    expect(share <= QUIET_SHARE, "the next screen shows what the caller painted")


def tree_has_elements(s: Subject) -> None:
    """It names what is on the screen."""
    tree = _tree(s)
    expect(len(tree.elements) >= FEWEST_ELEMENTS, f"{len(tree.elements)} elements")
    expect(bool(tree.source), "the tree does not name its reader")


def tree_ids_are_unique(s: Subject) -> None:
    """No two elements share an id, and none is empty."""
    ids = [e.id for e in _tree(s).elements]
    expect(len(ids) == len(set(ids)), f"{len(ids) - len(set(ids))} repeated ids")
    expect(all(ids), "an empty id")


def tree_parents_come_first(s: Subject) -> None:
    """Each parent stands before its children."""
    seen: set[str] = set()
    for element in _tree(s).elements:
        known = element.parent is None or element.parent in seen
        expect(known, f"{element.id} comes before its parent {element.parent}")
        seen.add(element.id)


def tree_is_bounded(s: Subject) -> None:
    """Neither more nor deeper than we hold."""
    tree = _tree(s)
    expect(len(tree.elements) <= limits.TREE_NODES, f"{len(tree.elements)} elements")
    depth: dict[str | None, int] = {None: 0}
    for element in tree.elements:
        depth[element.id] = depth.get(element.parent, 0) + 1
    expect(max(depth.values()) <= limits.TREE_DEPTH, f"{max(depth.values())} levels")


def tree_boxes_are_rectangles(s: Subject) -> None:
    """Whole numbers, right of left, bottom below top, near the screen."""
    for element in _tree(s).elements:
        if (box := element.box) is None:
            continue
        whole = all(type(v) is int for v in box.as_list())
        expect(whole and box.width > 0 and box.height > 0, f"{element.id}: {box.as_list()}")
        near = all(abs(v) <= limits.COORDINATE_PX for v in box.as_list())
        expect(near, f"{element.id} lies at {box.as_list()}")


def tree_has_boxes_on_the_screen(s: Subject) -> None:
    """Most named elements that show are on the screen."""
    screen = Box(0, 0, s.env.info.width, s.env.info.height)
    on = [e for e in _tree(s).elements if e.box and e.box.intersection(screen).area]
    expect(len(on) >= FEWEST_ELEMENTS, f"{len(on)} elements on the screen")


def tree_times_enclose_the_reading(s: Subject) -> None:
    """Its start and end are when it was read."""
    before = s.clock.now_ns()
    tree = _tree(s)
    expect(tree.t_start_ns <= tree.t_end_ns, "it ends before it starts")
    expect(tree.t_start_ns >= before - CLOCK_SLACK_NS, "it starts before it was asked for")
    expect(tree.t_end_ns <= s.clock.now_ns() + CLOCK_SLACK_NS, "it ends in the future")


def tree_text_can_be_written(s: Subject) -> None:
    """Every string is Unicode that any file can hold, within its bound."""
    for element in _tree(s).elements:
        for text in (element.name, element.description, element.value, element.role):
            expect(len(text) <= limits.GUEST_TEXT_CHARS, f"{element.id}: {len(text)} characters")
            expect("\x00" not in text or element.lossy, f"{element.id} holds a NUL")
            text.encode()


def tree_names_say_their_source(s: Subject) -> None:
    """A name comes from somewhere; no name comes from nowhere."""
    for element in _tree(s).elements:
        agree = bool(element.name) == bool(element.name_source)
        expect(agree, f"{element.id}: name {element.name[:40]!r}, from {element.name_source!r}")


def tree_roles_are_words(s: Subject) -> None:
    """Roles are lower case with dashes."""
    for element in _tree(s).elements:
        word = element.role and element.role == element.role.lower() and " " not in element.role
        expect(bool(word), f"{element.id} has the role {element.role!r}")


def tree_repeats_while_nothing_happens(s: Subject) -> None:
    """A quiet machine tells the same tree twice in a row, within a few tries."""
    s.settle()
    trees = [_tree(s)]
    for _ in range(4):
        trees.append(_tree(s))
        if trees[-1].agrees_with(trees[-2]):
            return
    mine = {e.id: e.signature() for e in trees[-2].elements}
    changed = [e.id for e in trees[-1].elements if mine.get(e.id) != e.signature()]
    expect(claim=False, otherwise=f"readings keep differing, at {changed[:3]}")


def tree_agrees_with_the_hit_test(s: Subject) -> None:
    """What is on top at an element's centre is it, or in it, for nearly all that say so."""
    _needs_hit_test(s)
    s.settle()
    tree = _tree(s)
    said = [e for e in tree.elements if e.hit]
    if not said:
        raise Skipped("this machine's tree does not say what is on top")
    parents = {e.id: e.parent for e in tree.elements}
    screen = Box(0, 0, s.env.info.width, s.env.info.height)
    probes = [e for e in said if e.box and e.box.area < screen.area // 4]
    probes = [e for e in probes if e.box and screen.contains(*e.box.centre)]
    probes = probes[:: max(1, len(probes) // MOST_PROBES)][:MOST_PROBES]
    wrong = []
    for element in probes:
        assert element.box is not None
        found = s.env.hit(*element.box.centre)
        while found is not None and found != element.id:
            found = parents.get(found)
        if found is None:
            wrong.append(element.id)
    expect(len(wrong) <= (1 - AGREE) * len(probes), f"{len(wrong)} of {len(probes)}: {wrong[:3]}")


def hit_test_finds_the_playground(s: Subject) -> None:
    """At its field, button and list stands an element of the tree whose box is there."""
    _needs_hit_test(s)
    s.playground.prepare()
    s.settle()
    known = _tree(s).by_id()
    for spot in ("field", "button", "list"):
        x, y = s.playground.box(spot).centre
        found = s.env.hit(x, y)
        expect(found is not None, f"nothing is on top at the {spot}, ({x}, {y})")
        element = known.get(found or "")
        expect(element is not None, f"{found!r}, at the {spot}, is not in the tree")
        assert element is not None
        there = element.box is not None and element.box.contains(x, y)
        box = element.box.as_list() if element.box else None
        expect(there, f"{found!r}, at the {spot} ({x}, {y}), lies at {box}")


def hit_test_answers_at_the_edges(s: Subject) -> None:
    """The corners of the screen have an answer too: an id of the tree or none."""
    _needs_hit_test(s)
    width, height = s.env.info.width, s.env.info.height
    for x, y in ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)):
        found = s.env.hit(x, y)
        expect(found is None or isinstance(found, str), f"({x}, {y}) is {found!r}")


CHECKS = (
    screen_is_rgb_bytes,
    screen_has_the_declared_size,
    screen_shows_something,
    screen_times_go_forward,
    screen_repeats_while_nothing_happens,
    screen_is_the_callers_own,
    tree_has_elements,
    tree_ids_are_unique,
    tree_parents_come_first,
    tree_is_bounded,
    tree_boxes_are_rectangles,
    tree_has_boxes_on_the_screen,
    tree_times_enclose_the_reading,
    tree_text_can_be_written,
    tree_names_say_their_source,
    tree_roles_are_words,
    tree_repeats_while_nothing_happens,
    tree_agrees_with_the_hit_test,
    hit_test_finds_the_playground,
    hit_test_answers_at_the_edges,
)
