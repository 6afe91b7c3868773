"""Solver, selector, packer and interleaver keep their promises for any input."""

from collections.abc import Mapping
from fractions import Fraction
from math import isclose

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.interleave import order
from corpus.pack import pack
from corpus.plan import Plan
from corpus.plan import solve as solved
from corpus.recipe import Recipe
from corpus.sample import Licence, Origin, Sample, Turn
from corpus.select import Take, Takes, select
from corpus.solver.cells import Cell
from corpus.solver.pour import fill

NAMES = st.text("abcdefg", min_size=1, max_size=3)


def sample(number: int, tokens: int) -> Sample:
    origin = Origin("p", "1", f"f{number}", "0" * 64, Licence("text", None, "0" * 64))
    turns = (Turn("assistant", "x"),)
    return Sample(
        f"text-{number:06d}", "text", "s", "document", "en", turns, (), tokens, 0, origin, ()
    )


def selected(weights: list[int], tokens: int, seed: int) -> Takes:
    """A selection from samples of those weights."""
    ids = np.array([f"text-{n:06d}".encode() for n in range(len(weights))], dtype="S11")
    return select(ids, np.arange(len(ids)), np.array(weights, dtype=np.int64), tokens, seed)


def recipe(**more: object) -> Recipe:
    return Recipe.model_validate(
        {
            "name": "a",
            "budget_tokens": 1000,
            "categories": {"agent": {"weight": 3.0, "floor": 0.1}, "text": {"weight": 7.0}},
            "sources": {
                "s": {"category": "agent", "reader": "grounding"},
                "t": {"category": "text", "reader": "sphinx"},
                "u": {"category": "text", "reader": "roff", "synthetic": True},
            },
            **more,
        }
    )


def solve(recipe: Recipe, available: Mapping[str, int]) -> Plan:
    """The plan where each source is a cell of so many tokens."""
    sources = recipe.sources.items()
    return solved(recipe, [Cell(n, s.category, tokens=available[n]) for n, s in sources])


@given(st.dictionaries(NAMES, st.integers(0, 50), min_size=1, max_size=5))
def test_every_prefix_is_within_one_of_its_quota(counts: dict[str, int]) -> None:
    taken = dict.fromkeys(counts, 0)
    total = sum(counts.values())
    for position, name in enumerate(order(counts), 1):
        taken[name] += 1
        for other, count in counts.items():
            assert abs(taken[other] - Fraction(count * position, total)) < 1
    assert taken == counts


@given(
    st.integers(0, 10_000),
    st.dictionaries(NAMES, st.tuples(st.floats(0.1, 9), st.integers(0, 5000)), min_size=1),
)
def test_pouring_gives_all_that_fits_and_no_more(
    amount: int, vessels: dict[str, tuple[float, int]]
) -> None:
    weights = {n: w for n, (w, _) in vessels.items()}
    limits = {n: c for n, (_, c) in vessels.items()}
    given_out = fill(amount, weights, limits)
    assert isclose(sum(given_out.values()), min(amount, sum(limits.values())))
    assert all(0 <= given_out[n] <= limits[n] for n in limits)


def test_weights_are_followed_and_an_exhausted_source_is_told() -> None:
    plan = solve(recipe(), {"s": 10_000, "t": 100, "u": 10_000})
    by_name = {p.source: p for p in plan.portions}
    assert by_name["s"].tokens == 300
    assert by_name["t"].tokens == 100
    assert by_name["t"].exhausted
    assert by_name["u"].tokens == 600
    assert any("t is exhausted" in note for note in plan.notes)


def test_a_floor_makes_the_mixture_smaller_and_is_kept() -> None:
    plan = solve(recipe(budget_tokens=100_000), {"s": 2000, "t": 10**6, "u": 10**6})
    by_name = {p.source: p.tokens for p in plan.portions}
    assert by_name["s"] >= 0.1 * plan.tokens
    assert 19_980 <= plan.tokens <= 20_000
    assert plan.binds == ("category agent is at least 0.1",)


def test_the_synthetic_cap_is_hard() -> None:
    plan = solve(recipe(synthetic_max_share=0.2), {"s": 10_000, "t": 100, "u": 10_000})
    by_name = {p.source: p.tokens for p in plan.portions}
    assert by_name["u"] <= 0.2 * plan.tokens


def test_adding_samples_does_not_reshuffle_the_others() -> None:
    first = selected([10] * 40, 400, 7).rows.tolist()
    second = selected([10] * 80, 800, 7).rows.tolist()
    assert [row for row in second if row in set(first)] == first


def test_more_tokens_than_there_are_is_another_epoch() -> None:
    takes = list(selected([10] * 4, 60, 1))
    assert [take.epoch for take in takes] == [0, 0, 0, 0, 1, 1]
    assert len({(take.row, take.epoch) for take in takes}) == 6


@given(st.lists(st.integers(1, 100), max_size=40), st.integers(0, 5000), st.integers(0, 3))
def test_what_is_selected_misses_the_wanted_tokens_by_half_a_sample_at_most(
    weights: list[int], tokens: int, seed: int
) -> None:
    takes = list(selected(weights, tokens, seed))
    over = sum(take.tokens for take in takes) - tokens
    if weights:
        assert abs(over) * 2 <= max(weights)
    assert all(take.tokens == weights[take.row] for take in takes)


@given(st.lists(st.integers(1, 100), max_size=300))
def test_packing_splits_nothing_and_loses_nothing(sizes: list[int]) -> None:
    takes = [Take(n, 0, size) for n, size in enumerate(sizes)]
    packed = list(pack("text", takes, 100))
    assert all(s.tokens <= 100 and s.tokens == sum(t.tokens for t in s.takes) for s in packed)
    assert sorted(t for s in packed for t in s.takes) == takes
