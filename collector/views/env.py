"""Kinds of machine, built in or brought by another distribution."""

from __future__ import annotations

from typing import Any

from envs import registry


def listed() -> list[dict[str, Any]]:
    """Every kind that can be opened here."""
    return [{"name": name, "built_in": name in registry.BUILT_IN} for name in registry.names()]
