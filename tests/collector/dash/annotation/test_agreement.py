"""Alpha is the one of the literature, and what it must be where that is plain."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.dash.annotation.agreement import Agreement, agreement

# Krippendorff (2011), section C: four observers, twelve units, answers missing
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
ANSWERS = st.lists(st.lists(st.sampled_from("abc"), max_size=5), max_size=12)


def by_subject(observers: tuple[str, ...]) -> list[list[str]]:
    columns = zip(*(said.split() for said in observers), strict=True)
    return [[answer for answer in column if answer != "."] for column in columns]


def by_pairs(subjects: list[list[str]]) -> float | None:
    """The definition, pair by pair: disagreement within subjects over that among all answers."""
    kept = [s for s in subjects if len(s) > 1]
    everything = [answer for s in kept for answer in s]
    within = sum((a != b) / (len(s) - 1) for s in kept for a in s for b in s)
    among = sum(a != b for a in everything for b in everything) / max(1, len(everything) - 1)
    return 1 - within / among if among else None


def test_the_example_of_the_paper_comes_out() -> None:
    found = agreement(by_subject(OBSERVERS))
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert (found.subjects, found.answers) == (11, 40)


@given(ANSWERS)
def test_it_is_what_the_definition_says(subjects: list[list[str]]) -> None:
    found, defined = agreement(subjects).alpha, by_pairs(subjects)
    assert found == (None if defined is None else pytest.approx(defined))


@given(ANSWERS, st.randoms(use_true_random=False))
def test_neither_the_order_of_subjects_nor_of_people_matters(
    subjects: list[list[str]], chance: random.Random
) -> None:
    found = agreement(subjects)
    mixed = [chance.sample(s, len(s)) for s in chance.sample(subjects, len(subjects))]
    assert agreement(mixed).alpha == pytest.approx(found.alpha)


def test_people_who_always_agree_have_one_and_guessers_nearly_none() -> None:
    assert agreement([["a", "a"], ["b", "b", "b"], ["c"]]) == Agreement(1.0, 2, 5)
    chance = random.Random(7)
    guessed = agreement([chance.choices("ab", k=2) for _ in range(4000)]).alpha
    assert guessed is not None
    assert abs(guessed) < 0.05
    opposed = agreement([["a", "b"]] * 10).alpha
    assert opposed is not None
    assert opposed < 0


@pytest.mark.parametrize("subjects", [[], [["a"], ["b"]], [["a", "a"], ["a", "a"]]])
def test_where_chance_cannot_be_told_from_agreement_nothing_is_said(
    subjects: list[list[str]],
) -> None:
    assert agreement(subjects).alpha is None
