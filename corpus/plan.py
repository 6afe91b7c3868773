"""The solver: how many tokens each source gives, from the recipe's weights, caps and floors.

Water is poured by weight: categories first, then the sources of each. A source that runs out says
so and leaves its part to the others. A category below its floor, or synthetic sources above their
cap, make the mixture smaller, never the promise weaker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from corpus.recipe import Recipe

ROUNDS: Final = 60


@dataclass(frozen=True, slots=True)
class Portion:
    """What one source gives."""

    source: str
    category: str
    available: int
    tokens: int
    exhausted: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The portions of a mixture, and what had to give way."""

    budget: int
    portions: tuple[Portion, ...]
    notes: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """All tokens planned."""
        return sum(portion.tokens for portion in self.portions)

    def as_record(self) -> dict[str, Any]:
        """The plan as plain values."""
        total = max(1, self.tokens)
        return {
            "budget_tokens": self.budget,
            "planned_tokens": self.tokens,
            "sources": [
                {
                    "source": p.source, "category": p.category, "available_tokens": p.available,
                    "planned_tokens": p.tokens, "share": round(p.tokens / total, 4),
                    "exhausted": p.exhausted,
                }
                for p in self.portions
            ],
            "notes": list(self.notes),
        }  # fmt: skip


def solve(recipe: Recipe, available: Mapping[str, int]) -> Plan:
    """The plan for sources that hold `available` tokens each."""
    notes: list[str] = []
    limits = {n: int(available.get(n, 0) * s.max_epochs) for n, s in recipe.sources.items()}
    limits, capped = _under_synthetic_cap(recipe, limits)
    notes += capped
    budget = _largest_with_floors(recipe, limits)
    if budget < recipe.budget_tokens and _broken_floors(
        recipe, _pour(recipe, limits, recipe.budget_tokens)
    ):
        names = ", ".join(_broken_floors(recipe, _pour(recipe, limits, recipe.budget_tokens)))
        notes.append(f"{names} would fall below its floor: the mixture was made smaller")
    given = _pour(recipe, limits, budget)
    portions = tuple(
        Portion(
            n, s.category, available.get(n, 0), given[n], 0 < limits[n] <= given[n] or not limits[n]
        )
        for n, s in recipe.sources.items()
    )
    notes += [
        f"source {p.source} is exhausted at {p.tokens} tokens" for p in portions if p.exhausted
    ]
    total = sum(given.values())
    if total < budget:
        notes.append(f"all sources together hold {total} of the {budget} tokens asked for")
    return Plan(recipe.budget_tokens, portions, tuple(notes))


def fill(amount: int, weights: Mapping[str, float], limits: Mapping[str, int]) -> dict[str, int]:
    """Pour `amount` into vessels by weight, none over its limit; whole tokens, ties by name."""
    given = dict.fromkeys(weights, 0)
    open_names = sorted(name for name in weights if limits[name] > 0)
    left = min(amount, sum(limits[name] for name in weights))
    while left > 0 and open_names:
        total = sum(weights[name] for name in open_names)
        full = [n for n in open_names if limits[n] <= left * weights[n] / total]
        if not full:
            _share_out(left, {n: weights[n] / total for n in open_names}, limits, given)
            break
        for name in full:
            given[name] = limits[name]
            left -= limits[name]
        open_names = [name for name in open_names if name not in full]
    return given


def _share_out(
    left: int, shares: Mapping[str, float], limits: Mapping[str, int], given: dict[str, int]
) -> None:
    """Whole tokens by largest remainder."""
    exact = {name: left * share for name, share in shares.items()}
    for name, amount in exact.items():
        given[name] = int(amount)
    rest = left - sum(given[name] for name in exact)
    for name in sorted(exact, key=lambda n: (int(exact[n]) - exact[n], n))[:rest]:
        given[name] = min(limits[name], given[name] + 1)


def _pour(recipe: Recipe, limits: Mapping[str, int], budget: int) -> dict[str, int]:
    members = {
        c: [n for n, s in recipe.sources.items() if s.category == c] for c in recipe.categories
    }
    whole = {c: sum(limits[n] for n in names) for c, names in members.items()}
    by_category = fill(budget, {c: s.weight for c, s in recipe.categories.items()}, whole)
    given: dict[str, int] = {}
    for category, names in members.items():
        weights = {n: recipe.sources[n].weight for n in names}
        given |= fill(by_category[category], weights, limits)
    return given


def _broken_floors(recipe: Recipe, given: Mapping[str, int]) -> list[str]:
    total = sum(given.values())
    return [
        name
        for name, share in recipe.categories.items()
        if sum(given[n] for n, s in recipe.sources.items() if s.category == name)
        < share.floor * total
    ]


def _largest_with_floors(recipe: Recipe, limits: Mapping[str, int]) -> int:
    """The largest budget at which every floor holds; by weight alone they hold, so one exists."""
    if not _broken_floors(recipe, _pour(recipe, limits, recipe.budget_tokens)):
        return recipe.budget_tokens
    low, high = 0, recipe.budget_tokens
    while high - low > 1:
        middle = (low + high) // 2
        if _broken_floors(recipe, _pour(recipe, limits, middle)):
            high = middle
        else:
            low = middle
    return low


def _under_synthetic_cap(
    recipe: Recipe, limits: dict[str, int]
) -> tuple[dict[str, int], list[str]]:
    """Limits at which synthetic sources stay under their share of the whole."""
    made = [name for name, source in recipe.sources.items() if source.synthetic]

    def over(scale: float) -> bool:
        scaled = _scaled(limits, made, scale)
        given = _pour(recipe, scaled, recipe.budget_tokens)
        return sum(given[n] for n in made) > recipe.synthetic_max_share * sum(given.values())

    if not made or not over(1.0):
        return limits, []
    low, high = 0.0, 1.0
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (low, middle) if over(middle) else (middle, high)
    note = f"synthetic sources are held to {recipe.synthetic_max_share:.2f} of the mixture"
    return _scaled(limits, made, low), [note]


def _scaled(limits: Mapping[str, int], names: list[str], scale: float) -> dict[str, int]:
    return {n: int(amount * scale) if n in names else amount for n, amount in limits.items()}
