"""What a mixture is made of: a YAML file, closed and checked before anything is read.

A recipe may name another as its base (see `corpus.layers`). An unknown key, a value out of range or a duplicate key is a UsageError that names the line and the
nearest key. Unset options have the defaults below.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus import layers
from corpus.layers import At, Places
from infra.errors import Corrupt, NotFound, UsageError
from infra.files import sha256_bytes

NAME: Final = r"^[a-z0-9][a-z0-9._-]{0,63}$"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Source(_Closed):
    """One source of samples: who reads it, from which package, with what weight."""

    category: str
    reader: str
    package: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9+.-]+$")
    below: str | None = None
    """Only files of the package below this path."""
    url: str | None = None
    """A path, or any address that fsspec can open."""
    licence: str | None = None
    """What is stated of a file that says nothing of itself."""
    weight: float = Field(default=1.0, gt=0, le=1e6)
    max_epochs: float = Field(default=1.0, gt=0, le=100)
    synthetic: bool = False


class Operators(_Closed):
    """What is done to the samples of a category before they are weighed."""

    near_duplicates: float | None = Field(default=None, ge=0.5, le=1)
    """Texts go whose Jaccard index with an earlier one is at least so much."""
    quality: list[Literal["gopher", "c4"]] = []
    personal: Literal["mask", "drop"] | None = None
    decontaminate: list[str] = []
    """Files of evaluation sets: samples that share a long run of words with one go."""
    near_pictures: bool = False
    """Drop a picture that shows the same as an earlier one with words in the same language."""
    decontaminate_pictures: list[str] = []
    """Directories of evaluation pictures; what shows the same as one of them is dropped."""


class Share(_Closed):
    """How much of the mixture a category gets: by weight, and from `floor` to `cap` of all tokens."""

    weight: float = Field(gt=0, le=1e6)
    floor: float = Field(default=0.0, ge=0, lt=1)
    cap: float = Field(default=1.0, gt=0, le=1)
    operators: Operators = Operators()


class Range(_Closed):
    """A share of all tokens, from `min` to `max`."""

    min: float = Field(default=0.0, ge=0, le=1)
    max: float = Field(default=1.0, ge=0, le=1)


Trait = Literal[
    "category", "source", "kind", "language", "licence", "resolution", "length",
    "platform", "topic", "type", "form", "check",
]  # fmt: skip


class Quota(Range):
    """How much of the mixture may be of one trait, as a share of all tokens and in tokens."""

    by: Trait
    of: str
    min_tokens: int = Field(default=0, ge=0, le=10**13)
    max_tokens: int | None = Field(default=None, ge=0, le=10**13)


class Vision(_Closed):
    """A vision tower of one's own: its patch, how many sides of patches merge, its bound."""

    patch_px: int = Field(gt=0, le=256)
    merge: int = Field(default=1, gt=0, le=16)
    max_patches: int = Field(gt=0, le=1 << 20)


Score = Literal["compression", "letters"]
Stage = Literal["pretraining", "cooldown", "long-context", "sft", "long-cot", "rl"]


class Recipe(_Closed):
    """A whole recipe."""

    name: str = Field(pattern=NAME)
    stage: Stage | None = None
    seed: int = Field(default=0, ge=0, lt=2**63)
    budget_tokens: int = Field(gt=0, le=10**13)
    least_tokens: int = Field(default=0, ge=0, le=10**13)
    context_tokens: int = Field(default=8192, ge=512, le=1 << 22)
    shard_bytes: int = Field(default=64 * 1024 * 1024, ge=64 * 1024, le=1 << 34)
    tokenizer: str = "tekken-240911"
    vision: str | Vision = "moonvit"
    synthetic_max_share: float = Field(default=1.0, ge=0, le=1)
    image_share: Range = Range()
    licences: list[str] | None = None
    scores: dict[Score, Range] = {}
    only: dict[Trait, list[str]] = {}
    without: dict[Trait | Literal["id"], list[str]] = {}
    quotas: list[Quota] = []
    categories: dict[str, Share] = Field(min_length=1)
    sources: dict[str, Source] = Field(min_length=1)

    @property
    def packages(self) -> list[str]:
        """The packages that its sources read, sorted."""
        return sorted({source.package for source in self.sources.values() if source.package})

    @property
    def read(self) -> dict[str, Source]:
        """The sources that are read: those that the recipe does not leave out."""
        out = self.without.get("source", [])
        return {name: source for name, source in self.sources.items() if name not in out}

    def leaving_out(self, trait: str, value: str) -> Recipe:
        """The recipe without what is of that trait."""
        record = self.model_dump()
        listed = record["without"].setdefault(trait, [])
        if value not in listed:
            listed.append(value)
        return Recipe.model_validate(record)


MODELS: Final[Mapping[At, type[BaseModel]]] = {
    ("categories", "*"): Share,
    ("categories", "*", "operators"): Operators,
    ("sources", "*"): Source,
    ("quotas", "*"): Quota,
    ("image_share",): Range,
    ("scores", "*"): Range,
    ("vision",): Vision,
}


def shipped() -> dict[str, Path]:
    """The recipes that come with the package, by name."""
    root = Path(str(files("corpus"))) / "recipes"
    return {path.stem: path for path in sorted(root.glob("*.yaml"))}


def find(name_or_path: str) -> Path:
    """The recipe's file: a path, or the name of a shipped one. Raises NotFound."""
    path = Path(name_or_path)
    if path.is_file():
        return path
    known = shipped()
    if name_or_path in known:
        return known[name_or_path]
    raise NotFound.among("recipe", name_or_path, known, "or give a file's path")


def load(path: Path) -> Recipe:
    """The recipe in a file. Raises UsageError naming the line that is wrong."""
    return _checked(*layers.read(path, find), str(path))


def parse(data: bytes, where: str) -> Recipe:
    """The recipe in `data`; `where` is named in errors."""
    return _checked(*layers.over(data, where, find), where)


def _checked(values: Mapping[str, Any], places: Places, where: str) -> Recipe:
    try:
        recipe = Recipe.model_validate(values)
    except ValidationError as error:
        raise _usage(error, places, where) from error
    _check(recipe, places)
    return recipe


def built_of(data: bytes) -> Recipe:
    """The recipe that a corpus keeps of itself. Raises Corrupt where it is none."""
    try:
        return Recipe.model_validate_json(data)
    except ValidationError as error:
        raise Corrupt("the corpus's recipe is of another version", "build it again") from error


def digest(recipe: Recipe) -> str:
    """The hash of what a recipe means, whatever its spelling."""
    return sha256_bytes(recipe.model_dump_json().encode())


def _usage(error: ValidationError, places: Places, where: str) -> UsageError:
    """The first fault of a recipe, with its place and the nearest known key."""
    faults = error.errors()  # an unknown key explains a missing one, so it is told first
    first = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    at = tuple(str(part) for part in first["loc"])
    parents = (places[at[:n]] for n in range(len(at), 0, -1) if at[:n] in places)
    place = next(parents, f"{where}:1")
    name = at[-1] if at else ""
    if first["type"] == "extra_forbidden":
        known = _keys(at[:-1])
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        offer = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
        return UsageError(f"{place}: unknown key {name!r}", offer, name)
    if first["type"] == "missing":
        return UsageError(f"{place}: key {'.'.join(at)!r} is missing", "", name)
    return UsageError(f"{place}: {'.'.join(at)}: {first['msg']}", "", name)


def _keys(at: At) -> list[str]:
    """The keys known at a place of the recipe."""
    model: type[BaseModel] = Recipe
    for shape, found in MODELS.items():
        if len(shape) == len(at) and all(
            s in {"*", part} for s, part in zip(shape, at, strict=True)
        ):
            model = found
    return sorted(model.model_fields)


def _check(recipe: Recipe, places: Places) -> None:
    """What needs more than one key to be seen."""
    _check_names(recipe, places)
    _check_readers(recipe, places)
    _check_operators(recipe, places)
    _check_ranges(recipe, places)
    total = sum(share.weight for share in recipe.categories.values())
    for name, share in recipe.categories.items():
        place = places[("categories", name)]
        if not any(source.category == name for source in recipe.sources.values()):
            raise UsageError(f"{place}: category {name!r} has no source", "add one", name)
        if share.weight / total < share.floor:
            raise UsageError(
                f"{place}: {name!r} has {share.weight / total:.3f} of the weights and a floor of {share.floor}",
                "raise its weight", name,
            )  # fmt: skip


def _check_ranges(recipe: Recipe, places: Places) -> None:
    """That nothing is to be at least more than it is to be at most."""
    ranges: list[tuple[At, float, float]] = [
        (("image_share",), recipe.image_share.min, recipe.image_share.max),
        *((("categories", n), one.floor, one.cap) for n, one in recipe.categories.items()),
        *((("quotas", str(n)), one.min, one.max) for n, one in enumerate(recipe.quotas)),
        *((("scores", n), one.min, one.max) for n, one in recipe.scores.items()),
        *(
            (("quotas", str(n)), one.min_tokens, one.max_tokens)
            for n, one in enumerate(recipe.quotas)
            if one.max_tokens is not None
        ),
    ]
    for at, least, most in ranges:
        if least > most:
            raise UsageError(
                f"{places[at]}: {'.'.join(at)}: at least {least:g} and at most {most:g}",
                "lower the one or raise the other", at[-1],
            )  # fmt: skip


def _check_names(recipe: Recipe, places: Places) -> None:
    from corpus.categories import CATEGORIES

    for name in recipe.categories:
        if name not in CATEGORIES:
            raise _near("category", name, CATEGORIES, ("categories", name), places)
    for name in recipe.sources:
        if not re.match(NAME, name):
            place = places[("sources", name)]
            raise UsageError(f"{place}: a source's name is lower-case words", "", name)
    for number, name in enumerate(recipe.without.get("source", [])):
        if name not in recipe.sources:
            at = ("without", "source", str(number))
            raise _near("source", name, recipe.sources, at, places)
    named: Mapping[str, Mapping[str, BaseModel]]
    named = {"source": recipe.sources, "category": recipe.categories}
    for number, quota in enumerate(recipe.quotas):
        if quota.by in named and quota.of not in named[quota.by]:
            at = ("quotas", str(number), "of")
            raise _near(quota.by, quota.of, named[quota.by], at, places)


def _check_readers(recipe: Recipe, places: Places) -> None:
    from corpus.categories import load as load_category

    for name, source in recipe.sources.items():
        at = ("sources", name)
        if source.category not in recipe.categories:
            raise _near("category", source.category, recipe.categories, (*at, "category"), places)
        readers = load_category(source.category).READERS
        if source.reader not in readers:
            raise _near("reader", source.reader, readers, (*at, "reader"), places)
        if source.reader == "jsonl" and not source.url:
            raise UsageError(f"{places[at]}: source {name!r} has no url", "say where it lies", name)


def _check_operators(recipe: Recipe, places: Places) -> None:
    from corpus.categories import load as load_category

    for name, share in recipe.categories.items():
        known = getattr(load_category(name), "OPERATORS", ())
        for operator in sorted(share.operators.model_fields_set - set(known)):
            place = places[("categories", name, "operators", operator)]
            offer = f"it has {', '.join(known)}" if known else "it has none"
            raise UsageError(
                f"{place}: category {name!r} has no operator {operator!r}", offer, name
            )


def _near(what: str, name: str, known: Any, at: At, places: Places) -> UsageError:
    found = NotFound.among(what, name, known)
    return UsageError(f"{places[at]}: {found.message}", found.hint, name)
