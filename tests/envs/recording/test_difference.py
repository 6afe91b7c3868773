"""What a step made appear, vanish and change, read off its two trees."""

from __future__ import annotations

from dataclasses import replace

from envs.recording.difference import LISTED, difference
from envs.types import Box, Element, Tree


def tree(*elements: Element) -> Tree:
    return Tree(elements, "fake", 0, 0)


def row(number: int, name: str = "") -> Element:
    return Element(f"r{number}", "w", "listitem", name or f"Row {number}", box=Box(0, number, 9, 9))


def test_each_element_is_told_with_what_became_of_it() -> None:
    stays, goes, comes = row(1), row(2), row(3)
    checked = replace(stays, states=frozenset({"checked"}), value="on")
    found = difference(tree(stays, goes), tree(checked, comes))
    assert found.appeared == (comes,)
    assert found.vanished == (goes,)
    assert [(c.after.id, c.aspects) for c in found.changed] == [("r1", ("value", "states"))]


def test_a_page_that_was_loaded_again_and_a_clock_are_no_difference() -> None:
    again = replace(row(1), id="other")
    clock = Element("c", "w", "label", "12:41")
    found = difference(tree(row(1), clock), tree(again, replace(clock, name="12:42")))
    assert (found.appeared, found.vanished, found.changed) == ((), (), ())


def test_of_equal_elements_only_the_surplus_is_named() -> None:
    twin = replace(row(1), id="t1")
    found = difference(tree(row(1)), tree(twin, replace(twin, id="t2")))
    assert [e.id for e in found.appeared] == ["t1"]
    assert (found.appeared_count, found.vanished_count) == (1, 0)


def test_a_flood_is_counted_and_its_first_are_named() -> None:
    flood = [row(n) for n in range(LISTED * 3)]
    found = difference(tree(), tree(*flood))
    assert found.appeared == tuple(flood[:LISTED])
    assert found.appeared_count == LISTED * 3
