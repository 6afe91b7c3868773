"""The solver at size: ten thousand sources under fifty promises, and a recipe whose promises clash."""

from __future__ import annotations

import random
from typing import Any, Final

from corpus.plan import solve
from corpus.recipe import Recipe
from corpus.solver.cells import Cell
from infra.errors import Conflict
from infra.progress import Progress
from tests.bench.machines import CLOCK
from tests.bench.report import Report

SOURCES: Final = 10_000
CATEGORIES: Final = 9
LANGUAGES: Final = 12
KINDS: Final = 10
BUDGET: Final = 10**12


def run(progress: Progress) -> Report:
    """Seconds to the plan, and to the refusal that names the clash."""
    draw = random.Random(1)
    cells = [_cell(number, draw) for number in range(SOURCES)]
    recipe = _recipe(cells, draw)
    progress.say("a recipe that can be kept")
    start = CLOCK.monotonic_s()
    plan = solve(recipe, cells)
    solved_s = CLOCK.monotonic_s() - start
    progress.say("a recipe that cannot")
    start, clashing = CLOCK.monotonic_s(), 0
    impossible = recipe.model_copy(update={"least_tokens": 2 * sum(c.tokens for c in cells)})
    try:
        solve(impossible, cells)
    except Conflict as error:
        clashing = error.message.count(";") + 1
    figures: dict[str, Any] = {
        "sources": SOURCES,
        "promises": 2 * (CATEGORIES + LANGUAGES) + KINDS - 2,
        "solve_s": round(solved_s, 2),
        "binding": len(plan.binds),
        "planned_share": round(plan.tokens / BUDGET, 4),
        "refuse_s": round(CLOCK.monotonic_s() - start, 2),
        "clashing": clashing,
    }
    return Report("solve", figures)


def _cell(number: int, draw: random.Random) -> Cell:
    tokens = int(10 ** draw.uniform(6, 9.5))
    traits = {
        "language": f"l{min(LANGUAGES - 1, int(draw.expovariate(0.4)))}",
        "kind": f"k{draw.randrange(KINDS)}",
    }
    return Cell(
        f"s{number}", f"c{number % CATEGORIES}", traits, tokens, int(tokens * draw.random())
    )


def _recipe(cells: list[Cell], draw: random.Random) -> Recipe:
    """Promises that the cells can keep: around what they hold, some of them off it."""
    whole = sum(cell.tokens for cell in cells)

    def share(by: str, of: str) -> float:
        return sum(cell.tokens for cell in cells if cell.has(by, of)) / whole

    quotas = [
        {"by": by, "of": f"{by[0]}{n}", "min": share(by, f"{by[0]}{n}") * draw.uniform(0.4, 1.3),
         "max": min(1.0, share(by, f"{by[0]}{n}") * draw.uniform(1.4, 3))}
        for by, count in (("category", CATEGORIES), ("language", LANGUAGES))
        for n in range(count)
    ]  # fmt: skip
    quotas += [{"by": "kind", "of": f"k{n}", "max": 0.3} for n in range(KINDS - 2)]
    return Recipe.model_validate(
        {
            "name": "large",
            "budget_tokens": BUDGET,
            "quotas": quotas,
            "categories": {f"c{n}": {"weight": draw.uniform(1, 9)} for n in range(CATEGORIES)},
            "sources": {
                cell.source: {
                    "category": cell.category,
                    "reader": "r",
                    "weight": draw.uniform(1, 9),
                }
                for cell in cells
            },
        }
    )
