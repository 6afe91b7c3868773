"""What every page and every answer stands on."""

from __future__ import annotations

from dataclasses import dataclass

from infra.clock import Clock
from infra.ids import Ids
from infra.settings import Settings
from infra.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """Where things lie, and the time."""

    settings: Settings
    store: Store
    clock: Clock
    ids: Ids
