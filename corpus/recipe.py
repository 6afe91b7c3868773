"""What a mixture is made of: a YAML file, closed and checked before anything is read.

An unknown key, a value out of range or a duplicate key is a UsageError that names the line and the
nearest key. Unset options have the defaults below.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.errors import NotFound, UsageError
from infra.files import sha256_bytes
from infra.limits import RECIPE_BYTES

DEPTH: Final = 8
NAME: Final = r"^[a-z0-9][a-z0-9._-]{0,63}$"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Source(_Closed):
    """One source of samples: who reads it, from which package, with what weight."""

    category: str
    reader: str
    package: str | None = None
    weight: float = Field(default=1.0, gt=0, le=1e6)
    max_epochs: float = Field(default=1.0, gt=0, le=100)
    synthetic: bool = False


class Share(_Closed):
    """How much of the mixture a category gets: by weight, and from `floor` to `cap` of all tokens."""

    weight: float = Field(gt=0, le=1e6)
    floor: float = Field(default=0.0, ge=0, lt=1)
    cap: float = Field(default=1.0, gt=0, le=1)


class Range(_Closed):
    """A share of all tokens, from `min` to `max`."""

    min: float = Field(default=0.0, ge=0, le=1)
    max: float = Field(default=1.0, ge=0, le=1)


Trait = Literal[
    "category", "source", "kind", "language", "licence", "resolution", "length",
    "platform", "topic", "type",
]  # fmt: skip


class Quota(Range):
    """How much of the mixture may be of one trait, as a share of all tokens and in tokens."""

    by: Trait
    of: str
    min_tokens: int = Field(default=0, ge=0, le=10**13)
    max_tokens: int | None = Field(default=None, ge=0, le=10**13)


class Recipe(_Closed):
    """A whole recipe."""

    name: str = Field(pattern=NAME)
    seed: int = Field(default=0, ge=0, lt=2**63)
    budget_tokens: int = Field(gt=0, le=10**13)
    least_tokens: int = Field(default=0, ge=0, le=10**13)
    context_tokens: int = Field(default=8192, ge=512, le=1 << 22)
    shard_bytes: int = Field(default=64 * 1024 * 1024, ge=64 * 1024, le=1 << 34)
    tokenizer: str = "tekken-240911"
    vision: str = "moonvit"
    synthetic_max_share: float = Field(default=1.0, ge=0, le=1)
    image_share: Range = Range()
    licences: list[str] | None = None
    only: dict[Trait, list[str]] = {}
    quotas: list[Quota] = []
    categories: dict[str, Share] = Field(min_length=1)
    sources: dict[str, Source] = Field(min_length=1)


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
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}", "", str(path)) from error
    return parse(data, str(path))


def parse(data: bytes, where: str) -> Recipe:
    """The recipe in `data`; `where` is named in errors."""
    if len(data) > RECIPE_BYTES:
        raise UsageError(f"{where} is larger than {RECIPE_BYTES} bytes", "is it a recipe?", where)
    try:
        root = yaml.compose(data.decode("utf-8"), Loader=yaml.SafeLoader)
        lines: dict[tuple[str, ...], int] = {}
        values = _value(root, (), lines, where)
    except UnicodeDecodeError as error:
        raise UsageError(f"{where} is not UTF-8", "save it as UTF-8", where) from error
    except yaml.YAMLError as error:
        raise UsageError(f"{where} is not YAML: {_first_line(error)}", "mend that line") from error
    if not isinstance(values, Mapping):
        raise UsageError(f"{where} is not a mapping of keys", "see corpus/README.md", where)
    try:
        recipe = Recipe.model_validate(values)
    except ValidationError as error:
        raise _usage(error, lines, where) from error
    _check(recipe, lines, where)
    return recipe


def digest(recipe: Recipe) -> str:
    """The hash of what a recipe means, whatever its spelling."""
    return sha256_bytes(recipe.model_dump_json().encode())


def _value(node: Any, at: tuple[str, ...], lines: dict[tuple[str, ...], int], where: str) -> Any:
    """The value of a YAML node; notes the line of every key."""
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            here = (*at, name)
            if name in made:
                raise UsageError(
                    f"{where}:{key.start_mark.line + 1}: {name!r} is given twice", "", name
                )
            lines[here] = key.start_mark.line + 1
            _check_depth(here, lines, where)
            made[name] = _value(value, here, lines, where)
        return made
    if isinstance(node, yaml.SequenceNode):
        rows = []
        for number, value in enumerate(node.value):
            here = (*at, str(number))
            lines[here] = value.start_mark.line + 1
            _check_depth(here, lines, where)
            rows.append(_value(value, here, lines, where))
        return rows
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    finally:
        loader.dispose()


def _check_depth(at: tuple[str, ...], lines: dict[tuple[str, ...], int], where: str) -> None:
    """Refuse what no recipe has, before an alias that holds itself is followed for ever."""
    if len(at) > DEPTH:
        raise UsageError(f"{where}:{lines[at]}: nested too deep", "", at[-1])


def _usage(error: ValidationError, lines: dict[tuple[str, ...], int], where: str) -> UsageError:
    """The first fault of a recipe, with its line and the nearest known key."""
    faults = error.errors()  # an unknown key explains a missing one, so it is told first
    first = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    at = tuple(str(part) for part in first["loc"])
    line = next((lines[at[:n]] for n in range(len(at), 0, -1) if at[:n] in lines), 1)
    name = at[-1] if at else ""
    if first["type"] == "extra_forbidden":
        known = _keys(at[:-1])
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        offer = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
        return UsageError(f"{where}:{line}: unknown key {name!r}", offer, name)
    if first["type"] == "missing":
        return UsageError(f"{where}:{line}: key {'.'.join(at)!r} is missing", "", name)
    return UsageError(f"{where}:{line}: {'.'.join(at)}: {first['msg']}", "", name)


def _keys(at: tuple[str, ...]) -> list[str]:
    """The keys known at a place of the recipe."""
    model: type[BaseModel] = Recipe
    if at[:1] == ("categories",) and len(at) == 2:
        model = Share
    elif at[:1] == ("sources",) and len(at) == 2:
        model = Source
    elif at[:1] == ("quotas",):
        model = Quota
    elif at[:1] == ("image_share",):
        model = Range
    return sorted(model.model_fields)


def _check(recipe: Recipe, lines: dict[tuple[str, ...], int], where: str) -> None:
    """What needs more than one key to be seen."""
    from corpus.categories import CATEGORIES
    from corpus.categories import load as load_category

    for name in recipe.categories:
        if name not in CATEGORIES:
            raise _near("category", name, CATEGORIES, ("categories", name), lines, where)
    for name, source in recipe.sources.items():
        at = ("sources", name)
        if not re.match(NAME, name):
            raise UsageError(f"{where}:{lines[at]}: a source's name is lower-case words", "", name)
        if source.category not in recipe.categories:
            raise _near(
                "category", source.category, recipe.categories, (*at, "category"), lines, where
            )
        readers = load_category(source.category).READERS
        if source.reader not in readers:
            raise _near("reader", source.reader, readers, (*at, "reader"), lines, where)
    total = sum(share.weight for share in recipe.categories.values())
    for name, share in recipe.categories.items():
        if not any(source.category == name for source in recipe.sources.values()):
            line = lines[("categories", name)]
            raise UsageError(f"{where}:{line}: category {name!r} has no source", "add one", name)
        if share.weight / total < share.floor:
            line = lines[("categories", name)]
            raise UsageError(
                f"{where}:{line}: {name!r} has {share.weight / total:.3f} of the weights and a floor of {share.floor}",
                "raise its weight", name,
            )  # fmt: skip


def _near(
    what: str, name: str, known: Any, at: tuple[str, ...],
    lines: dict[tuple[str, ...], int], where: str,
) -> UsageError:  # fmt: skip
    found = NotFound.among(what, name, known)
    return UsageError(f"{where}:{lines.get(at, 1)}: {found.message}", found.hint, name)


def _first_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())[:200]
