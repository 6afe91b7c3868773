"""What backends say comes out bounded, well-formed and counted, whatever it was."""

from __future__ import annotations

import itertools
import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.hostile import Sieve
from envs.types import Box, Tree
from infra import limits


def sieve() -> Sieve:
    return Sieve(800, 600)


def read(*said: object) -> tuple[Tree, Sieve]:
    taken = sieve()
    return taken.tree(said, "fake", 1, 2), taken


def said(key: str, parent: str | None = None, **facts: object) -> dict[str, object]:
    return {"id": key, "parent": parent, "role": "button", **facts}


def test_what_is_well_formed_passes_untouched() -> None:
    tree, taken = read(
        said("a", box=[0, 0, 800, 600], name="Desk", name_source="a11y", states=["showing"]),
        said("b", "a", box=Box(10, 20, 30, 40), value="7", actions=["press"], hit=True),
    )
    assert [e.id for e in tree.elements] == ["a", "b"]
    assert tree.elements[1].box == Box(10, 20, 30, 40)
    assert tree.elements[1].hit is True
    assert not taken.counts
    assert tree.notes == ()


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        ([0, 0, math.nan, 5], "box_not_a_number"),
        ([0, 0, math.inf, 5], "box_not_a_number"),
        ([0, 0, "5", 5], "box_not_a_number"),
        ([0, 0, True, 5], "box_not_a_number"),
        ([0, 0, 5], "box_not_a_number"),
        ({"left": 1}, "box_not_a_number"),
        ([-(2**31), -(2**31), 1, 1], "box_far"),
        ([0, 0, 10**400, 1], "box_far"),
        ([50, 50, 10, 60], "box_inverted"),
        ([50, 50, 50, 60], "box_empty"),
    ],
)
def test_a_box_that_is_no_rectangle_is_dropped_by_reason(box: object, reason: str) -> None:
    tree, taken = read(said("a", box=box))
    assert tree.elements[0].box is None
    assert taken.counts[reason] == 1
    assert tree.notes == (f"hostile:{reason}=1",)


def test_a_box_off_the_screen_is_kept_and_counted() -> None:
    tree, taken = read(said("a", box=[-50, -50, -10, -10]), said("b", box=[700, 500, 900, 700]))
    assert tree.elements[0].box == Box(-50, -50, -10, -10)
    assert taken.counts == {"box_off_screen": 1}


def test_children_said_before_their_parents_come_out_after_them() -> None:
    tree, _ = read(said("c", "b"), said("b", "a"), said("a"))
    assert [e.id for e in tree.elements] == ["a", "b", "c"]


def test_the_first_of_two_equal_ids_is_kept() -> None:
    tree, taken = read(said("a", name="first"), said("a", name="second"))
    assert [e.name for e in tree.elements] == ["first"]
    assert taken.counts["duplicate_id"] == 1


def test_a_cycle_is_dropped_with_all_that_hangs_on_it() -> None:
    tree, taken = read(said("a"), said("b", "c"), said("c", "b"), said("d", "c"), said("e", "e"))
    assert [e.id for e in tree.elements] == ["a"]
    assert taken.counts["cycle"] == 4


def test_an_orphan_becomes_a_root() -> None:
    tree, taken = read(said("a", "gone"))
    assert tree.elements[0].parent is None
    assert taken.counts["orphan"] == 1


def test_a_chain_deeper_than_the_bound_is_cut() -> None:
    chain = [said("0"), *(said(str(i), str(i - 1)) for i in range(1, 700))]
    tree, taken = read(*chain)
    assert len(tree.elements) == limits.TREE_DEPTH
    assert taken.counts["too_deep"] == 700 - limits.TREE_DEPTH


def test_a_million_nodes_are_cut_without_reading_them_all() -> None:
    drawn = 0

    def endless() -> object:
        nonlocal drawn
        for drawn in itertools.count(1):
            yield said(str(drawn))

    start = time.monotonic()
    tree = sieve().tree(endless(), "fake", 1, 2)
    assert tree.truncated
    assert len(tree.elements) == limits.TREE_NODES
    assert drawn == limits.TREE_NODES + 1
    assert time.monotonic() - start < 5


def test_text_is_cut_mended_and_marked() -> None:
    long = "x" * (limits.GUEST_TEXT_CHARS + 1)
    tree, taken = read(said("a", name="\ud800ok"), said("b", name=long), said("c", name=7))
    assert tree.elements[0].name == "�ok"
    assert len(tree.elements[1].name) == limits.GUEST_TEXT_CHARS
    assert tree.elements[2].name == ""
    assert all(e.lossy for e in tree.elements)
    assert taken.counts == {"text_surrogate": 1, "text_cut": 1, "text_not_text": 1}


def test_all_the_text_of_a_tree_is_bounded_together() -> None:
    each = "x" * limits.GUEST_TEXT_CHARS
    tree, taken = read(*(said(str(i), name=each) for i in range(300)))
    assert sum(len(e.name) for e in tree.elements) <= limits.TREE_TEXT_CHARS
    assert taken.counts["tree_text"] > 0


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=6,
)
FIELDS = ("role", "name", "box", "states", "actions", "value", "app", "window", "toolkit", "hit")
IDS = st.sampled_from(["a", "b", "c", "d", "\ud800", "", None, 7])
ELEMENT = st.fixed_dictionaries({"id": IDS, "parent": IDS}, optional=dict.fromkeys(FIELDS, ANY))


@given(st.lists(ELEMENT | ANY, max_size=12))
def test_whatever_is_said_a_tree_comes_out(things: list[object]) -> None:
    tree = sieve().tree(things, "fake", 5, 2)
    seen: set[str] = set()
    for element in tree.elements:
        assert element.parent is None or element.parent in seen
        assert element.id not in seen
        seen.add(element.id)
        assert element.box is None or element.box.area > 0
        json.dumps([element.name, element.value, sorted(element.states)]).encode()
        element.name.encode()
    assert tree.t_end_ns >= tree.t_start_ns
