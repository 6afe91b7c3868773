"""Settings: what each is and where it came from; of secrets only that they are set."""

from __future__ import annotations

from infra import settings as origin
from infra.settings import Settings


def shown(settings: Settings) -> dict[str, dict[str, str]]:
    """Every setting, its value in words and its origin."""
    return {
        name: {"value": str(getattr(settings, name)), "origin": came_from}
        for name, came_from in origin.origins(settings).items()
    }
