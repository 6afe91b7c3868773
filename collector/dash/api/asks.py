"""What requests carry: bounded values, and who may ask."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from collector.dash.access import Role, Who, needs
from collector.dash.access.tokens import NAME_CHARS as TOKEN_NAME_CHARS
from collector.fleet.query import QUERY_CHARS
from infra.limits import FLEET_FILE_BYTES, MOST_MACHINES

NAME_CHARS: Final = 200
MOST_NAMES: Final = 10_000
SAFE_INTEGER: Final = (1 << 53) - 1
"""Every reader of JSON has this many exactly."""

Operator = Annotated[Who, Depends(needs("operator"))]
Admin = Annotated[Who, Depends(needs("admin"))]
Name = Annotated[str, Path(max_length=NAME_CHARS)]
Words = Annotated[str, Query(max_length=QUERY_CHARS)]
Seed = Annotated[int, Field(ge=-SAFE_INTEGER, le=SAFE_INTEGER)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reason(_Body):
    """Why; it is kept among the events."""

    reason: Annotated[str, Field(max_length=500)] = ""


class Ordered(Reason):
    """Machines by their names or UUIDs."""

    names: Annotated[
        list[Annotated[str, Field(max_length=NAME_CHARS)]],
        Field(min_length=1, max_length=MOST_NAMES),
    ]


class File(_Body):
    """A fleet file."""

    toml: Annotated[str, Field(max_length=FLEET_FILE_BYTES)]


class Scale(_Body):
    """So many machines of a pool."""

    pool: Annotated[str, Field(max_length=NAME_CHARS)]
    count: Annotated[int, Field(ge=0, le=MOST_MACHINES)]


class NewToken(_Body):
    """Somebody to let in, and what for."""

    name: Annotated[str, Field(min_length=1, max_length=TOKEN_NAME_CHARS)]
    role: Role = "viewer"


class OldToken(Reason):
    """Somebody to let in no more."""

    name: Annotated[str, Field(min_length=1, max_length=TOKEN_NAME_CHARS)]


class Bundle(Reason):
    """A support bundle; a quick one starts no program to look at it."""

    quick: bool = False


class Submitted(_Body):
    """A run: equal seeds choose alike."""

    pool: Annotated[str, Field(max_length=NAME_CHARS)]
    episodes: Annotated[int, Field(ge=1, le=100_000)] = 1
    steps: Annotated[int, Field(ge=1, le=10_000)] = 30
    explorer: Annotated[str, Field(max_length=NAME_CHARS)] = "walk"
    seed: Seed = 0
