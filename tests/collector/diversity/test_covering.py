"""Covering designs: few rows, every pair that may be, and nothing that may not."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from collector.diversity.covering import coverage, pairs, possible, rows

FACTORS = {"a": ("1", "2", "3"), "b": ("x", "y"), "c": ("p", "q", "r")}
SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=6)


def always(row):
    del row
    return True


@given(SIZES)
def test_every_two_values_of_different_factors_meet(sizes):
    factors = {f"f{i}": tuple(map(str, range(n))) for i, n in enumerate(sizes)}
    made = rows(factors, always)
    for a, b in combinations(factors, 2):
        assert {(row[a], row[b]) for row in made} == {
            (x, y) for x in factors[a] for y in factors[b]
        }


def test_there_are_far_fewer_rows_than_combinations():
    factors = {f"f{i}": tuple("12345") for i in range(8)}
    assert len(rows(factors, always)) < 60  # of 390,625; no design has fewer than 25


def test_what_does_not_fit_together_never_meets_and_is_not_missed():
    def fits(row):
        return (row.get("a"), row.get("b")) != ("1", "x")

    made = rows(FACTORS, fits)
    assert all(map(fits, made))
    assert coverage(made, FACTORS, fits).missing == ()
    assert ("a", "1", "b", "x") not in possible(FACTORS, fits)


def test_rows_keep_to_the_parts_they_may_begin_with():
    within = [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]
    made = rows(FACTORS, always, within=within)
    assert {(row["a"], row["b"]) for row in made} == {("1", "x"), ("2", "y")}
    assert {(row["a"], row["c"]) for row in made} == {(a, c) for a in "12" for c in "pqr"}


def test_a_design_begins_with_the_rows_that_are_given():
    first = {"a": "2", "b": "y", "c": "q"}
    made = rows(FACTORS, always, first=[first])
    assert made[0] == first
    assert coverage(made, FACTORS, always).share == 1.0


def test_the_same_factors_give_the_same_design():
    assert rows(FACTORS, always) == rows(FACTORS, always)


def test_coverage_counts_pairs_once_and_strangers_not_at_all():
    row = {"a": "1", "b": "x", "c": "p"}
    found = coverage([row, row, {"a": "9", "b": "x", "c": "p"}], FACTORS, always)
    assert found.covered == len(pairs(row)) == 3
    assert found.possible == 3 * 2 + 3 * 3 + 2 * 3
    assert found.rows == 2


def test_of_nothing_all_is_covered():
    assert coverage([], {}, always).share == 1.0
