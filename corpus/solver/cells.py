"""Cells: the samples of one source that a recipe cannot tell apart, which are solved for as one.

A recipe without quotas has a cell a source. One with a quota by language has a cell for each
language of each source, and so on; a cell knows its tokens and how many of them are pictures'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from corpus.recipe import Recipe
from corpus.sample import Sample

BUCKETS_PX: Final = (256, 448, 896, 1344, 1920)


def resolution(sample: Sample) -> str:
    """The bucket of a sample's largest picture by its longer side; `none` without a picture."""
    longest = max((max(p.width, p.height) for p in sample.pictures), default=0)
    if not longest:
        return "none"
    return next((f"<={px}" for px in BUCKETS_PX if longest <= px), f">{BUCKETS_PX[-1]}")


TRAITS: Final[Mapping[str, Callable[[Sample], str]]] = {  # beside its source and category
    "kind": lambda sample: sample.kind,
    "language": lambda sample: sample.language,
    "licence": lambda sample: sample.origin.licence.label,
    "resolution": resolution,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A source's samples of the same traits: how many tokens there are, and of pictures."""

    source: str
    category: str
    traits: Mapping[str, str] = field(default_factory=dict)
    tokens: int = 0
    image_tokens: int = 0

    def has(self, trait: str, value: str) -> bool:
        """Whether its samples are of that trait."""
        own = {"source": self.source, "category": self.category, **self.traits}
        return own.get(trait) == value


def cells(
    recipe: Recipe, samples: Mapping[str, Sequence[Sample]]
) -> list[tuple[Cell, list[Sample]]]:
    """Every cell of a recipe's sources with its samples, in the recipe's order."""
    asked = sorted(TRAITS.keys() & {quota.by for quota in recipe.quotas})
    found = []
    for name, source in recipe.sources.items():
        groups: dict[tuple[str, ...], list[Sample]] = {}
        for sample in samples.get(name, ()):
            groups.setdefault(tuple(TRAITS[by](sample) for by in asked), []).append(sample)
        for key in sorted(groups) or [("",) * len(asked)]:
            members = groups.get(key, [])
            found.append(
                (_cell(name, source.category, dict(zip(asked, key, strict=True)), members), members)
            )
    return found


def _cell(source: str, category: str, traits: Mapping[str, str], members: Sequence[Sample]) -> Cell:
    return Cell(
        source,
        category,
        traits,
        sum(sample.tokens for sample in members),
        sum(sample.image_tokens for sample in members),
    )
