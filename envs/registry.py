"""Kinds of machine by name: a dict, a decorator, a lookup.

`@env("name")` registers a factory; other distributions register theirs as entry points of the
group `trawl.envs`. A factory takes its own settings as keyword arguments and returns an `Env`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from envs.base import Env
from infra.errors import NotFound

Factory = Callable[..., Env]
BUILT_IN = ("fake", "ubuntu", "web")
_factories: dict[str, Factory] = {}


def env(name: str) -> Callable[[Factory], Factory]:
    """Register the decorated factory as the kind of machine called `name`."""

    def register(factory: Factory) -> Factory:
        _factories[name] = factory
        return factory

    return register


def names() -> list[str]:
    """Every kind that can be opened here."""
    return sorted({*BUILT_IN, *_factories, *(e.name for e in entry_points(group="trawl.envs"))})


def factory(name: str) -> Factory:
    """The factory of that kind. Raises NotFound with the nearest name."""
    if name not in _factories:
        for point in entry_points(group="trawl.envs"):
            if point.name == name:
                return env(name)(point.load())
        if name in BUILT_IN:
            importlib.import_module(f"envs.{name}")
    if name not in _factories:
        raise NotFound.among("environment", name, names())
    return _factories[name]


def open_env(name: str, **settings: Any) -> Env:
    """Open one machine of that kind."""
    return factory(name)(**settings)
