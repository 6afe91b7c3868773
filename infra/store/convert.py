"""From a table's object to its frozen row."""

from __future__ import annotations

import dataclasses
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

Row = TypeVar("Row")


def row(kind: type[Row], stored: object) -> Row:
    """The stored object as a `kind`, whose fields are named like the table's columns."""
    read = _fields(kind)  # type: ignore[arg-type] # every type can be hashed
    return kind(*read(stored))


@cache
def _fields(kind: Any) -> attrgetter[tuple[Any, ...]]:
    """What reads a kind's fields, in their order."""
    return attrgetter(*(field.name for field in dataclasses.fields(kind)))
