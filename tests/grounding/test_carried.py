"""What is carried over from earlier screens changes nothing: each is told as if it were the only one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from envs.recording import codec
from envs.types import Box, Element, Observation
from grounding import screens
from grounding.effects import Shown, found
from grounding.records import joined, record
from grounding.referring.functions import candidates
from grounding.referring.speak import Spoken
from grounding.samples import dump
from grounding.scene import Known, Scene
from grounding.view import View
from tests.grounding import episodes
from tests.grounding.desk import SHOWN, element, observation, window

ROLES = [
    "button",
    "label",
    "panel",
    "list",
    "list-item",
    "menu",
    "menu-item",
    "dialog",
    "check-box",
]
IDS = ["win", *"abcdef"]
NAMES = ["", "Save", "Open", "10:42", "保存"]
boxes = st.builds(
    lambda x, y, w, h: Box(20 * x, 20 * y, 20 * (x + w), 20 * (y + h)),
    *[st.integers(0, 18)] * 2, *[st.integers(0, 8)] * 2,
)  # fmt: skip
things = st.builds(
    element,
    st.sampled_from(IDS),
    st.sampled_from(ROLES),
    boxes.map(lambda box: tuple(box.as_list())) | st.none(),
    st.sampled_from(NAMES),
    parent=st.none() | st.sampled_from(IDS),
    states=st.sampled_from([SHOWN, SHOWN | {"focused"}, SHOWN | {"checked"}, frozenset[str]()]),
    hit=st.sampled_from([None, True, False]),
)
"""Any of them may stand in itself, in what stands in it, in nothing there is, or bear another's id."""
edits = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 12), things),
    st.tuples(st.just("drop"), st.integers(0, 12), things),
    st.tuples(st.just("alter"), st.integers(0, 12), things),
)


def edited(elements: tuple[Element, ...], how: str, at: int, with_: Element) -> tuple[Element, ...]:
    """A tree with one element more, one less, or one that says something else."""
    before, here, after = elements[:at], elements[at : at + 1], elements[at + 1 :]
    if how == "put":
        return (*before, with_, *here, *after)
    altered = tuple(replace(one, name=with_.name, states=with_.states) for one in here)
    return (*before, *altered, *after) if how == "alter" else (*before, *after)


def episode(first: list[Element], changes: list[tuple[str, int, Element]]) -> list[Observation]:
    """Screens of which each differs from the one before by one edit; the last is the first again."""
    elements = (window(), *first)
    trees = [elements]
    for change in changes:
        elements = edited(elements, *change)
        trees.append(elements)
    return [observation(*tree) for tree in (*trees, trees[0])]


def stored(seen: Observation) -> Observation:
    """As it is read back: equal rows are one element."""
    elements = codec.unpack_elements(codec.pack_elements(seen.tree.elements))
    return replace(seen, tree=replace(seen.tree, elements=elements))


def alone(seen: Observation) -> Observation:
    """With elements that no other screen has."""
    return replace(seen, tree=replace(seen.tree, elements=tuple(map(replace, seen.tree.elements))))


def written(view: View) -> tuple[bytes, object]:
    """All that a view becomes."""
    made = record("r", episodes.header("ep"), view)
    line = joined(dump(made.head), [row.line for row in made.rows], dump(made.tail))
    return line, (view.found.reasons, view.found.twins, candidates(view.found))


@settings(max_examples=150, deadline=None)
@given(st.lists(things, max_size=10), st.lists(edits, max_size=6))
def test_a_screen_after_others_is_written_as_one_alone(first, changes):
    known, spoken = Known(), Spoken()
    for seen in episode(first, changes):
        carried = View.of(Scene(stored(seen), known), "0", spoken)
        assert written(carried) == written(View.of(Scene(alone(seen)), "0"))


@settings(max_examples=150, deadline=None)
@given(st.lists(things, max_size=10), st.lists(edits, min_size=1, max_size=4))
def test_an_effect_is_told_of_what_changed_as_of_all_there_is(first, changes):
    known, told = Known(), episode(first, changes)
    shared = [Shown(Scene(stored(seen), known)) for seen in told]
    apart = [Shown(Scene(alone(seen))) for seen in told]
    for n, at in enumerate(range(1, len(told))):
        for acted in (None, *told[n].tree.elements[:3]):
            assert found(shared[n], shared[at], acted) == found(apart[n], apart[at], acted)


@settings(max_examples=150, deadline=None)
@given(st.lists(things, max_size=10), st.lists(edits, max_size=3))
def test_trees_agree_where_their_signatures_are_equal(first, changes):
    rows, told = screens.Rows(), [stored(seen) for seen in episode(first, changes)]
    for seen in told:
        equal = screens.signature(told[0], rows) == screens.signature(seen, screens.Rows())
        assert screens.agree(told[0], seen) is equal
