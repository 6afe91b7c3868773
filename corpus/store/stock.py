"""A stock: the inventories of one recipe as one table, a row number for every sample.

Rows are numbered through, inventory after inventory. What a recipe leaves out stays in the table
and is given no tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corpus.funnel import EXAMPLES, Funnel
from corpus.recipe import Recipe
from corpus.sample import Sample
from corpus.select import Numbers
from corpus.solver.cells import Cell
from corpus.store.inventory import Inventory, Kept, Profile
from corpus.traits import is_of


@dataclass(frozen=True)
class Stock:
    """All samples of a recipe's categories."""

    inventories: tuple[Inventory, ...]
    funnels: tuple[Funnel, ...]

    @cached_property
    def starts(self) -> list[int]:
        """The first row of each inventory, and the number of all rows."""
        return [0, *np.cumsum([len(inventory) for inventory in self.inventories]).tolist()]

    @cached_property
    def profiles(self) -> list[Profile]:
        """Every profile of every inventory."""
        return [profile for inventory in self.inventories for profile in inventory.profiles]

    @cached_property
    def profile(self) -> Numbers:
        """The number of each row's profile."""
        before, numbers = 0, []
        for inventory in self.inventories:
            numbers.append(inventory.rows["profile"] + np.uint32(before))
            before += len(inventory.profiles)
        return np.concatenate(numbers) if numbers else np.zeros(0, np.uint32)

    def column(self, name: str) -> Numbers:
        """A column over all rows."""
        return np.concatenate([inventory.rows[name] for inventory in self.inventories])

    def score(self, name: str) -> Numbers:
        """A score over all rows, NaN where a sample has none."""
        none = (np.full(len(inventory), np.nan, "f4") for inventory in self.inventories)
        pairs = zip(self.inventories, none, strict=True)
        return np.concatenate([inventory.scores.get(name, empty) for inventory, empty in pairs])

    @cached_property
    def text(self) -> Numbers:
        """Text tokens of each row."""
        return self.column("text")

    @cached_property
    def image(self) -> Numbers:
        """Image tokens of each row."""
        return self.column("image")

    @cached_property
    def tokens(self) -> Numbers:
        """Text and image tokens of each row."""
        return self.text.astype(np.int64) + self.image

    def at(self, row: int) -> tuple[Inventory, int]:
        """The inventory that holds a row, and its number there."""
        number = int(np.searchsorted(self.starts, row, side="right")) - 1
        return self.inventories[number], row - self.starts[number]

    def sample(self, row: int) -> Sample:
        """The sample of a row."""
        inventory, number = self.at(row)
        return inventory.sample(number)

    def pictures(self, rows: Numbers) -> dict[str, Kept]:
        """The pictures that those rows use, by hash."""
        used: dict[str, Kept] = {}
        for inventory, start, end in zip(
            self.inventories, self.starts, self.starts[1:], strict=False
        ):
            mine = inventory.rows[rows[(rows >= start) & (rows < end)] - np.uint64(start)]
            spans = zip(mine["use"].tolist(), mine["pictures"].tolist(), strict=True)
            numbers = {n for at, count in spans for n in inventory.uses[at : at + count].tolist()}
            used |= {inventory.pictures[n].sha256: inventory.pictures[n] for n in sorted(numbers)}
        return used

    def samples(self, source: str) -> Iterator[Sample]:
        """Every sample of a source, ordered by id."""
        of = {n for n, p in enumerate(self.profiles) if p.trait("source") == source}
        for row in np.flatnonzero(np.isin(self.profile, list(of))):
            yield self.sample(int(row))


def cells(recipe: Recipe, stock: Stock) -> list[tuple[Cell, Numbers]]:
    """Every cell of a recipe's sources with its rows, in the recipe's order; see `allowed`."""
    asked = sorted({str(quota.by) for quota in recipe.quotas} - {"source", "category"})
    keys: dict[tuple[str, ...], list[int]] = {}
    for number in allowed(recipe, stock):
        profile = stock.profiles[number]
        key = (profile.trait("source"), *(profile.trait(by) for by in asked))
        keys.setdefault(key, []).append(number)
    out, found = _named_out(recipe, stock) | _scored_out(recipe, stock), []
    for name, source in recipe.sources.items():
        for key in sorted(k for k in keys if k[0] == name) or [(name, *("" for _ in asked))]:
            rows = np.flatnonzero(np.isin(stock.profile, keys.get(key, [])) & ~out)
            traits = dict(zip(asked, key[1:], strict=True))
            found.append((_cell(name, source.category, traits, stock, rows), rows))
    return found


def _named_out(recipe: Recipe, stock: Stock) -> Numbers:
    """Which rows the recipe leaves out by their ids; they are counted."""
    ids = [name.encode() for name in recipe.without.get("id", [])]
    out: Numbers = np.isin(stock.column("id"), ids)
    _count(stock, out, "without", "left out by its id")
    return out


def _scored_out(recipe: Recipe, stock: Stock) -> Numbers:
    """Which rows have a score outside the recipe's bounds; they are counted."""
    out = np.zeros(len(stock.profile), dtype=bool)
    for name, bounds in recipe.scores.items():
        column = stock.score(name)
        outside = (column < bounds.min) | (column > bounds.max)
        _count(stock, outside, "scores", f"{name} is not from {bounds.min:g} to {bounds.max:g}")
        out |= outside
    return out


def _count(stock: Stock, out: Numbers, step: str, why: str) -> None:
    """Count the rows that are out, by their source, each source's first ones as examples."""
    rows = np.flatnonzero(out)
    for number in np.unique(stock.profile[rows]).tolist():
        mine = rows[stock.profile[rows] == number]
        profile = stock.profiles[number]
        funnel = next(f for f in stock.funnels if f.category == profile.trait("category"))
        for row in mine[:EXAMPLES]:
            inventory, place = stock.at(int(row))
            funnel.drop(profile.trait("source"), step, why, inventory.rows["id"][place].decode())
        if len(mine) > EXAMPLES:
            funnel.drop(profile.trait("source"), step, why, "", len(mine) - EXAMPLES)


def _cell(
    source: str, category: str, traits: Mapping[str, str], stock: Stock, rows: Numbers
) -> Cell:
    tokens, image = int(stock.tokens[rows].sum()), int(stock.image[rows].sum())
    return Cell(source, category, traits, tokens, image)


def allowed(recipe: Recipe, stock: Stock) -> list[int]:
    """The profiles that a recipe lets in; the samples of the others are counted, once a stock."""
    kept = []
    for number, profile in enumerate(stock.profiles):
        reason = _refused(recipe, profile)
        if not reason:
            kept.append(number)
            continue
        _count(stock, stock.profile == number, *reason)
    return kept


def _refused(recipe: Recipe, profile: Profile) -> tuple[str, str] | None:
    """By which step of the recipe and why a profile's samples are left out."""
    label = profile.trait("licence")
    if recipe.licences is not None and label not in recipe.licences:
        return "licences", f"not on the list: {label}"
    for trait, wanted in recipe.only.items():
        if not _is_any(profile.trait(trait), wanted):
            return "only", f"{trait} is {profile.trait(trait)}"
    for named, unwanted in recipe.without.items():
        if named != "id" and _is_any(profile.trait(named), unwanted):
            return "without", f"{named} is {profile.trait(named)}"
    return None


def _is_any(value: str, wanted: Sequence[str]) -> bool:
    return any(is_of(value, one) for one in wanted)
