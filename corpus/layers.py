"""Recipes as YAML: a file over the recipes it names as its `base`, with the place of every key.

Mappings are laid over each other key by key; a list or a plain value takes the place of the one
below, and `null` takes a key away. Every key knows the file and line it was last given in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from yaml.constructor import SafeConstructor

from infra.errors import NotFound, UsageError
from infra.limits import RECIPE_BYTES

DEPTH: Final = 8
MOST_VALUES: Final = 100_000
"""So many values and no more, however often an alias repeats them."""
BASE: Final = "base"
At = tuple[str, ...]
Places = dict[At, str]
"""Where a key was given: `FILE:LINE`."""
Find = Callable[[str], Path]


def read(path: Path, find: Find) -> tuple[dict[str, Any], Places]:
    """The values of a file and all that it is laid over. Raises UsageError, NotFound."""
    return _read(path, find, ())


def over(data: bytes, where: str, find: Find, above: tuple[str, ...] = ()) -> tuple[Any, Places]:
    """The values of `data`, found at `where`, over its base."""
    values, places = compose(data, where)
    name = values.pop(BASE, None)
    if name is None:
        return values, places
    if not isinstance(name, str):
        raise UsageError(f"{places[(BASE,)]}: base is a recipe's name or file", "", BASE)
    below = Path(where).parent / name
    try:
        path = below if below.is_file() else find(name)
    except NotFound as error:
        raise UsageError(f"{places[(BASE,)]}: {error.message}", error.hint, name) from error
    under, places_below = _read(path, find, (*above, where))
    return _laid(values, under), places_below | places


def _read(path: Path, find: Find, above: tuple[str, ...]) -> tuple[dict[str, Any], Places]:
    if str(path.resolve()) in {str(Path(one).resolve()) for one in above}:
        chain = " -> ".join((*above, str(path)))
        raise UsageError(f"recipes that are each other's base: {chain}", "take one base away")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}", "", str(path)) from error
    return over(data, str(path), find, above)


def _laid(above: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(below)
    for key, value in above.items():
        under = made.get(key)
        if value is None:
            made.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(under, Mapping):
            made[key] = _laid(value, under)
        else:
            made[key] = value
    return made


def compose(data: bytes, where: str) -> tuple[dict[str, Any], Places]:
    """The mapping in `data` with the place of every key. Raises UsageError."""
    if len(data) > RECIPE_BYTES:
        raise UsageError(f"{where} is larger than {RECIPE_BYTES} bytes", "is it a recipe?", where)
    places: Places = {}
    try:
        root = yaml.compose(data.decode("utf-8"), Loader=yaml.SafeLoader)
        values = _value(root, (), places, where)
    except UnicodeDecodeError as error:
        raise UsageError(f"{where} is not UTF-8", "save it as UTF-8", where) from error
    except RecursionError as error:
        raise UsageError(f"{where}: nested too deep", "is it a recipe?", where) from error
    except yaml.YAMLError as error:
        raise UsageError(f"{where} is not YAML: {_first_line(error)}", "mend that line") from error
    if not isinstance(values, dict):
        raise UsageError(f"{where} is not a mapping of keys", "see corpus/README.md", where)
    return values, places


def _value(node: Any, at: At, places: Places, where: str) -> Any:
    """The value of a YAML node; notes the place of every key."""
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            place = f"{where}:{key.start_mark.line + 1}"
            if name in made:
                raise UsageError(f"{place}: {name!r} is given twice", "", name)
            made[name] = _below((*at, name), place, value, places, where)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [
            _below((*at, str(n)), f"{where}:{value.start_mark.line + 1}", value, places, where)
            for n, value in enumerate(node.value)
        ]
    return SafeConstructor().construct_object(node, deep=True)


def _below(at: At, place: str, node: Any, places: Places, where: str) -> Any:
    """The value at `at`; what no recipe has is refused before an alias is followed for ever."""
    places[at] = place
    if len(at) > DEPTH:
        raise UsageError(f"{place}: nested too deep", "", at[-1])
    if len(places) > MOST_VALUES:
        raise UsageError(f"{place}: more than {MOST_VALUES} values", "is it a recipe?", at[-1])
    return _value(node, at, places, where)


def _first_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())[:200]
