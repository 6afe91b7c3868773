"""Somebody with a role, and what a handler asks of whoever calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args

from fastapi.requests import HTTPConnection

from infra.errors import Denied

Role = Literal["viewer", "annotator", "operator", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""Each may do what those before it may, and more."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose token it was, and what that token is good for."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether this is such a role or a higher one."""
        return ROLES.index(self.role) >= ROLES.index(role)


@cache
def needs(role: Role) -> Callable[[HTTPConnection], Who]:
    """What a handler depends on: `Annotated[Who, Depends(needs("operator"))]`. Raises Denied."""

    def required(connection: HTTPConnection) -> Who:
        who: Who | None = getattr(connection.state, "who", None)
        if who is None:
            raise Denied("nobody is signed in", "sign in at /login")
        if not who.may(role):
            raise Denied(
                f"{who.name} is {who.role}, and this takes {role}",
                f"trawl serve token add NAME --role {role}",
                who.name,
            )
        return who

    return required
