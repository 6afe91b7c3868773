"""From a table's object to its frozen row."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

Row = TypeVar("Row")


def row(kind: type[Row], stored: object) -> Row:
    """The stored object as a `kind`, whose fields are named like the table's columns."""
    fields: Any = dataclasses.fields(kind)  # type: ignore[arg-type]
    return kind(**{f.name: getattr(stored, f.name) for f in fields})
