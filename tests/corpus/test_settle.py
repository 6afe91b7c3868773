"""What a mixture promises holds of its whole samples, not only of its plan."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.plan import solve
from corpus.recipe import Recipe
from corpus.select import Takes, select
from corpus.settle import NONE, settle
from corpus.solver.cells import Cell
from corpus.solver.rows import rows
from infra.errors import Conflict

SAMPLES = st.lists(st.integers(1, 900), min_size=1, max_size=40)


def recipe(budget: int, cap: float, floor: float = 0.0) -> Recipe:
    return Recipe.model_validate(
        {
            "name": "a",
            "budget_tokens": budget,
            "categories": {"agent": {"weight": 2.0, "floor": floor}, "text": {"weight": 8.0}},
            "sources": {
                "screens": {"category": "agent", "reader": "grounding"},
                "docs": {"category": "text", "reader": "sphinx", "max_epochs": 3},
            },
            "quotas": [{"by": "language", "of": "en", "max": cap}],
        }
    )


def taken(
    made: Recipe, samples: dict[tuple[str, str], list[int]]
) -> tuple[list[Takes], list[Cell]]:
    """What is selected of each source's samples of a language by the plan for them."""
    cells = [
        Cell(source, made.sources[source].category, {"language": language}, sum(weights))
        for (source, language), weights in samples.items()
    ]
    weights = [np.array(one, dtype=np.int64) for one in samples.values()]
    ids = [
        np.array([f"{n}-{k}".encode() for k in range(len(one))]) for n, one in enumerate(weights)
    ]
    given_tokens = solve(made, cells).given
    return [
        select(names, np.arange(len(one)), one, tokens, 1)
        for names, one, tokens in zip(ids, weights, given_tokens, strict=True)
    ], cells


@given(SAMPLES, SAMPLES, SAMPLES, st.integers(500, 20_000), st.sampled_from([0.1, 0.4, 1.0]),
       st.sampled_from([0.0, 0.2]))  # fmt: skip
def test_no_cap_no_floor_and_no_budget_is_broken_by_whole_samples(
    screens: list[int],
    english: list[int],
    chinese: list[int],
    budget: int,
    cap: float,
    floor: float,
) -> None:
    made = recipe(budget, cap, floor)
    samples = {("screens", "zh"): screens, ("docs", "en"): english, ("docs", "zh"): chinese}
    try:
        chosen, cells = taken(made, samples)
    except Conflict:
        return
    shares = [row for row in rows(made, cells) if not row.bound]
    settled = settle(chosen, shares, budget)
    tokens = np.array([one.tokens.sum() for one in settled], dtype=float)
    assert tokens.sum() <= budget
    assert all(row.slack(tokens) >= -2 * NONE for row in shares)
    for before, after in zip(chosen, settled, strict=True):
        assert after.rows.tolist() == before.rows[: len(after)].tolist()


def test_what_breaks_nothing_is_left_as_it_was_selected() -> None:
    made = recipe(100_000, 1.0)
    chosen, cells = taken(made, {("screens", "zh"): [500] * 9, ("docs", "en"): [300] * 20})
    settled = settle(chosen, rows(made, cells), made.budget_tokens)
    assert [len(one) for one in settled] == [len(one) for one in chosen] == [9, 60]


def test_of_the_samples_that_go_over_the_budget_the_smallest_that_is_enough_goes() -> None:
    chosen = [
        Takes(np.arange(2), np.zeros(2, np.int64), np.array(tokens))
        for tokens in ([600, 600], [300, 90], [300, 200])
    ]
    settled = settle(chosen, [], 2000)
    assert [one.tokens.tolist() for one in settled] == [[600, 600], [300], [300, 200]]
