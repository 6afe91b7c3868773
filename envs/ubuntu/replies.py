"""What the agent may say, checked at the boundary: a guest is not trusted to keep its word."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.errors import HostileInput

Word = Annotated[str, Field(max_length=200)]
Count = Annotated[int, Field(ge=0, lt=2**63)]
Names = Annotated[list[Word], Field(max_length=2000)]


class _Said(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Fault(_Said):
    """Why a request was not performed; `kind` is one of the wire's words."""

    kind: Word
    message: Annotated[str, Field(max_length=2000)]


class Reply(_Said):
    """The envelope of every answer."""

    id: Annotated[str, Field(max_length=128)]
    ok: bool
    t_ns: Count
    result: dict[str, Any] = {}
    error: Fault | None = None


class Hello(_Said):
    """Which agent answers: its version, this process of it, the newest fence it saw."""

    version: Word
    session: Word
    fence: Count


class Health(_Said):
    """The guest's own figures."""

    uptime_s: float
    now_ns: Count
    load: float
    available_mb: Count
    hostname: Word
    machine_id: Word
    boot_id: Word
    os_id: Word
    os_version: Word
    width: Annotated[int, Field(ge=1, le=1 << 15)] = 1
    height: Annotated[int, Field(ge=1, le=1 << 15)] = 1


class Acted(_Said):
    """How an action went in; what an agent saw of it itself is its own word, and not used."""

    way: Word
    read_back: Word = ""


class Looks(_Said):
    """What the desktop's settings say, and what its session was started with."""

    theme: Word
    icons: Word
    font: Word
    locale: Word
    dpi: Annotated[int, Field(ge=1, le=1000)]
    scale: Annotated[int, Field(ge=1, le=8)]
    qt_scale: Word
    themes: Names = []
    icon_sets: Names = []
    fonts: Names = []
    wallpapers: Names = []


Said = TypeVar("Said", bound=_Said)


def parse(kind: type[Said], value: object) -> Said:
    """`value` as that kind of reply. Raises HostileInput naming the first thing that is wrong."""
    try:
        return kind.model_validate(value)
    except (ValidationError, RecursionError) as error:
        place = ""
        if isinstance(error, ValidationError):
            first = error.errors(include_input=False)[0]
            place = f": {'.'.join(str(p)[:40] for p in first['loc'])}: {first['type']}"
        raise HostileInput(
            f"the guest's {kind.__name__.lower()} is malformed{place}", "replace the machine"
        ) from error
