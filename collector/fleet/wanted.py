"""`fleet.toml`: the pools an operator wants, checked before anything is started."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from envs import registry
from infra.addresses import names_user
from infra.egress import Policy
from infra.errors import NotFound, UsageError
from infra.limits import FLEET_FILE_BYTES, MOST_MACHINES
from infra.store.rows import Pool
from infra.toml_lines import line_of

MOST_EPISODES: Final = 1_000_000
MOST_PATTERNS: Final = 1_000
PoolName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class _Recycle(BaseModel):
    """The keys of `recycle.Recycle`; 0 leaves a limit out."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    episodes: Annotated[int, Field(ge=1, le=MOST_EPISODES)] = 1
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    private_mb: Annotated[int, Field(ge=0)] = 0
    latency_ratio: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0


class _Network(BaseModel):
    """What a pool's machines may reach; nothing where nothing is said."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    allow: Annotated[list[str], Field(max_length=MOST_PATTERNS)] = []


class _Pool(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    kind: str
    count: Annotated[int, Field(ge=0, le=MOST_MACHINES)]
    image: str = ""
    settings: dict[str, Any] = {}
    recycle: _Recycle = _Recycle()
    network: _Network = _Network()


NESTED: Final[dict[str, type[BaseModel]]] = {"recycle": _Recycle, "network": _Network}
"""The keys of a pool that have keys of their own."""


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    pools: dict[PoolName, _Pool]


def load(path: Path, default_image: str) -> list[Pool]:
    """The pools of a fleet file. Raises as `parse` does, and NotFound where there is no file."""
    return parse(_text(path), path, default_image)


def parse(text: str, path: Path, default_image: str) -> list[Pool]:
    """The pools that the text of a fleet file says; `path` is what errors call it.

    Raises UsageError naming the line and the key, NotFound for an unknown kind.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}", "correct that line", str(path)) from error
    except RecursionError as error:
        raise UsageError(f"{path} nests too deep", "write it flatter", str(path)) from error
    try:
        file = _File.model_validate(values)
    except ValidationError as error:
        raise _explained(path, text, error) from error
    return [
        _pool(_Place(path, text, name), pool, default_image)
        for name, pool in sorted(file.pools.items())
    ]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as source:
            data = source.read(FLEET_FILE_BYTES + 1)
        if len(data) > FLEET_FILE_BYTES:
            raise UsageError(f"{path} is larger than {FLEET_FILE_BYTES} bytes", "name a fleet.toml")
        return data.decode("utf-8")
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}", "name a fleet.toml") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}", "save it as UTF-8", str(path)) from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a pool stands, for whoever wrote it."""

    path: Path
    text: str
    name: str

    def of(self, *keys: str) -> str:
        """The file, the line and the key."""
        path = ("pools", self.name, *keys)
        return f"{self.path}:{line_of(self.text, path)}: {'.'.join(path)}"


def _pool(place: _Place, pool: _Pool, default_image: str) -> Pool:
    if pool.kind not in registry.names():
        offer = NotFound.among("kind of machine", pool.kind, registry.names())
        raise NotFound(f"{place.of('kind')}: {offer.message}", offer.hint, pool.kind)
    if _names_password(pool.settings):  # kept in the database and shown: no place for one
        raise UsageError(f"{place.of('settings')}: an address has a password", "leave it out",
                         place.name)  # fmt: skip
    if pool.kind == "ubuntu" and pool.recycle.episodes > 1:
        raise UsageError(
            f"{place.of('recycle', 'episodes')}: a desktop is forked anew for every episode",
            "leave episodes out, or make it 1",
            place.name,
        )
    settings = pool.settings | _network(place, pool)
    image = pool.image or (default_image if pool.kind == "ubuntu" else "")
    recycle = pool.recycle.model_dump(exclude_unset=True)
    return Pool(place.name, pool.kind, image, pool.count, settings, recycle)


def _network(place: _Place, pool: _Pool) -> dict[str, list[str]]:
    """The setting that a network becomes. Raises UsageError for a kind without, or a bad pattern."""
    if "network" in pool.settings:
        raise UsageError(
            f"{place.of('settings', 'network')}: a network is a key of the pool",
            "write network = { allow = [...] } beside settings",
            place.name,
        )
    allow = pool.network.allow
    if not allow:
        return {}
    if "network" not in inspect.signature(registry.factory(pool.kind)).parameters:
        raise UsageError(
            f"{place.of('network')}: machines of kind {pool.kind} have no network",
            'leave network out, or take kind = "web"',
            place.name,
        )
    try:
        Policy.of(allow)
    except UsageError as error:
        where = place.of("network", "allow")
        raise UsageError(f"{where}: {error.message}", error.hint, place.name) from error
    return {"network": allow}


def _names_password(value: Any) -> bool:
    """Whether an address with user and password stands anywhere in the settings."""
    if isinstance(value, dict):
        return any(map(_names_password, value.values()))
    if isinstance(value, list):
        return any(map(_names_password, value))
    return isinstance(value, str) and names_user(value)


def _explained(path: Path, text: str, error: ValidationError) -> UsageError:
    """The first fault with its line; an unknown key explains a missing one, so it is told first."""
    faults = error.errors(include_url=False, include_input=False)
    first = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    place = [str(part) for part in first["loc"] if part != "[key]"]
    key = ".".join(place)
    where = f"{path}:{line_of(text, place)}: {key}"
    if first["type"] == "extra_forbidden":
        known = _keys(place)
        offer = NotFound.among("key", place[-1], known)
        return UsageError(f"{where}: {offer.message}", offer.hint, key)
    if first["type"] == "missing":
        return UsageError(f"{where}: this key is missing", "see the fleet file's keys", key)
    return UsageError(f"{where}: {first['msg']}", "see the fleet file's keys", key)


def _keys(place: Sequence[str]) -> Iterable[str]:
    """The keys that may stand beside the one at `place`."""
    if len(place) == 1:
        return _File.model_fields
    nested = NESTED.get(place[2]) if place[3:] else None
    return (nested or _Pool).model_fields
