"""How a pool of desktops spreads over the design: which row its next machine takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from collector.diversity import desktops
from collector.diversity.desktops import Dress
from envs.ubuntu.session import Session
from infra.errors import NotFound, UsageError

KEY: Final = "looks"
"""The setting of a pool that holds the plan."""
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """`templates` sessions are used (0: all), `each` machines share a row, `live` looks are held."""

    templates: int = 1
    each: int = 2
    live: int = 2

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Plan | None:
        """The plan of a pool's settings; None where it has none. Raises NotFound, UsageError."""
        given = settings.get(KEY)
        if given is None:
            return None
        if not isinstance(given, dict):
            raise UsageError(f"{KEY} is a table such as {{ templates = 4 }}")
        known = {field.name for field in fields(cls)}
        for key, value in given.items():
            if key not in known:
                raise NotFound.among(f"key of {KEY}", key, known)
            low = 0 if key == "templates" else 1
            if type(value) is not int or not low <= value <= MOST:
                raise UsageError(f"{KEY}.{key} is an integer from {low} to {MOST}")
        return cls(**given)

    def dress(self, number: int) -> Dress:
        """The row of the pool's machine of that number."""
        rows = desktops.design(self.templates)
        return rows[number // self.each % len(rows)]

    def sessions(self) -> list[Session]:
        """The templates that must have been warmed."""
        return desktops.templates(desktops.design(self.templates))

    def memory_bytes(self) -> int:
        """What its templates hold at most: those that are live, and one being dressed twice over."""
        largest = max(session.opened.memory_mb for session in self.sessions())
        return (self.live + 2) * (largest << 20)
