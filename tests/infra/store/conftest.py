"""The store on both of its databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from infra.store import Store

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a database may be made: a path, or the address of an empty one."""
    if request.param == "sqlite":
        return tmp_path / "trawl.db"
    address: str = request.getfixturevalue("database")()
    return address


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens stores that are closed after the test."""
    with ExitStack() as held:

        def open_(target: Path | str, **options: float) -> Store:
            store = Store(target, **options)
            held.callback(store.close)
            return store

        yield open_


@pytest.fixture
def store(target: Path | str, opened: Callable[..., Store]) -> Store:
    """A store that has just been made."""
    return opened(target)
