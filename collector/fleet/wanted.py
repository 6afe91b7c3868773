"""`fleet.toml`: the pools an operator wants, checked before anything is started."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from envs import registry
from infra.errors import NotFound, UsageError
from infra.store.rows import Pool

MOST_MACHINES: Final = 10_000
PoolName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class _Pool(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    kind: str
    count: Annotated[int, Field(ge=0, le=MOST_MACHINES)]
    image: str = ""
    settings: dict[str, Any] = {}


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    pools: dict[PoolName, _Pool]


def load(path: Path, default_image: str) -> list[Pool]:
    """The pools of a fleet file. Raises UsageError naming the key, NotFound for an unknown kind."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}", "name a fleet.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}", "correct that line", str(path)) from error
    try:
        file = _File.model_validate(values)
    except ValidationError as error:
        raise _explained(path, error) from error
    return [_pool(name, pool, default_image) for name, pool in sorted(file.pools.items())]


def _pool(name: str, pool: _Pool, default_image: str) -> Pool:
    if pool.kind not in registry.names():
        raise NotFound.among(f"kind of machine (pool {name})", pool.kind, registry.names())
    image = pool.image or (default_image if pool.kind == "ubuntu" else "")
    return Pool(name, pool.kind, image, pool.count, pool.settings)


def _explained(path: Path, error: ValidationError) -> UsageError:
    first = error.errors(include_url=False)[0]
    place = [str(part) for part in first["loc"]]
    where = ".".join(place)
    if first["type"] == "extra_forbidden":
        known = _Pool.model_fields if len(place) > 1 else _File.model_fields
        offer = NotFound.among("key", place[-1], known)
        return UsageError(f"{path}: {where}: {offer.message}", offer.hint, where)
    return UsageError(f"{path}: {where}: {first['msg']}", "see the fleet file's keys", where)
