"""The solver keeps every promise of a recipe, stays near its weights, and says what clashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.plan import solve
from corpus.recipe import Recipe, parse
from corpus.solver.cells import Cell
from corpus.solver.rows import rows
from infra.errors import Conflict, UsageError

BUDGET = 1_000_000


def recipe(**more: object) -> Recipe:
    return Recipe.model_validate(
        {
            "name": "a",
            "budget_tokens": BUDGET,
            "categories": {"agent": {"weight": 2.0}, "text": {"weight": 8.0}},
            "sources": {
                "screens": {"category": "agent", "reader": "grounding"},
                "docs": {"category": "text", "reader": "sphinx"},
                "pages": {"category": "text", "reader": "roff"},
            },
            **more,
        }
    )


def cell(source: str, language: str, tokens: int, image_tokens: int = 0) -> Cell:
    category = "agent" if source == "screens" else "text"
    return Cell(source, category, {"language": language}, tokens, image_tokens)


CELLS = [
    cell("screens", "en", 400_000, 300_000),
    cell("docs", "en", 3_000_000),
    cell("docs", "zh", 200_000),
    cell("pages", "zh", 400_000),
    cell("pages", "en", 2_000_000),
]


def tokens(given: tuple[int, ...], language: str) -> int:
    pairs = zip(CELLS, given, strict=True)
    return sum(n for cell, n in pairs if cell.traits["language"] == language)


def test_without_promises_the_weights_are_followed() -> None:
    plan = solve(recipe(), CELLS)
    assert {p.source: p.tokens for p in plan.portions} == pytest.approx(
        {"screens": 200_000, "docs": 400_000, "pages": 400_000}, abs=5
    )
    assert plan.binds == ()


def test_a_quota_by_language_is_kept_and_what_grows_for_it_grows_in_proportion() -> None:
    before = solve(recipe(), CELLS).given
    quota = {"by": "language", "of": "zh", "min": 0.2}
    plan = solve(recipe(quotas=[quota]), CELLS)
    assert tokens(plan.given, "zh") >= 0.2 * plan.tokens
    assert plan.tokens >= BUDGET - len(CELLS)
    assert plan.binds == ("language zh is at least 0.2",)
    grown = [plan.given[n] / before[n] for n in (2, 3)]
    shrunk = [plan.given[n] / before[n] for n in (0, 1, 4)]
    assert grown[0] == pytest.approx(grown[1], rel=1e-3)
    assert shrunk == pytest.approx([shrunk[0]] * 3, rel=1e-3)


def test_a_promise_about_what_is_not_there_binds_nothing() -> None:
    plan = solve(recipe(synthetic_max_share=0.0), CELLS)
    assert plan.binds == ()
    assert plan.tokens >= BUDGET - len(CELLS)


def test_a_promise_that_little_is_there_for_makes_the_mixture_smaller() -> None:
    plan = solve(recipe(quotas=[{"by": "language", "of": "zh", "min": 0.8}]), CELLS)
    assert tokens(plan.given, "zh") == pytest.approx(600_000, abs=5)
    assert plan.tokens == pytest.approx(750_000, abs=10)


def test_image_tokens_are_held_to_their_share() -> None:
    plan = solve(recipe(image_share={"max": 0.05}), CELLS)
    assert plan.given[0] * 0.75 <= 0.05 * plan.tokens
    plan = solve(recipe(image_share={"min": 0.25}), CELLS)
    assert plan.given[0] * 0.75 >= 0.25 * plan.tokens
    assert plan.tokens >= BUDGET - len(CELLS)


def test_promises_that_clash_are_named_and_no_others() -> None:
    quotas = [
        {"by": "language", "of": "zh", "min_tokens": 500_000},
        {"by": "language", "of": "en", "min": 0.1},
        {"by": "source", "of": "pages", "max_tokens": 200_000},
    ]
    with pytest.raises(Conflict) as caught:
        solve(recipe(quotas=quotas), CELLS)
    assert caught.value.message == (
        "these promises cannot be kept together: language zh has at least 500000 tokens;"
        " source pages has at most 200000 tokens"
    )
    assert "short of 100000 tokens" in caught.value.hint


def test_a_mixture_of_too_few_tokens_is_a_clash() -> None:
    with pytest.raises(Conflict, match=r"at least 900000 tokens; language zh is at least 0.8"):
        solve(
            recipe(least_tokens=900_000, quotas=[{"by": "language", "of": "zh", "min": 0.8}]), CELLS
        )


@given(
    st.lists(st.integers(0, 2_000_000), min_size=5, max_size=5),
    st.floats(0, 0.6),
    st.floats(0.3, 1),
    st.floats(0, 1),
)
def test_whatever_there_is_every_promise_is_kept_in_whole_tokens(
    there: list[int], zh: float, pages: float, images: float
) -> None:
    held = [
        Cell(c.source, c.category, c.traits, n, n * c.image_tokens // c.tokens)
        for c, n in zip(CELLS, there, strict=True)
    ]
    asked = recipe(
        image_share={"max": images},
        quotas=[
            {"by": "language", "of": "zh", "min": zh},
            {"by": "source", "of": "pages", "max": pages},
        ],
    )
    try:
        plan = solve(asked, held)
    except Conflict:
        return
    if plan.tokens > 100 * len(held):
        for row in rows(asked, held):
            assert row.slack(plan.given) >= -1e-6 * plan.tokens, row.says
    assert plan.tokens <= BUDGET
    assert all(0 <= got <= n for got, n in zip(plan.given, there, strict=True))


def test_an_unknown_trait_or_key_of_a_quota_is_refused_with_its_line() -> None:
    text = b"""\
name: a
budget_tokens: 1000
categories: {text: {weight: 1}}
sources: {docs: {category: text, reader: sphinx, package: python3.11-doc}}
quotas:
  - {by: language, of: zh, min: 0.1}
  - {by: language, of: en, most: 0.1}
"""
    with pytest.raises(UsageError, match=r"r:7: unknown key 'most'"):
        parse(text, "r")
    with pytest.raises(UsageError, match=r"r:7: .*by"):
        parse(text.replace(b"by: language, of: en, most", b"by: tongue, of: en, min"), "r")
