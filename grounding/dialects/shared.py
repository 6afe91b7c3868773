"""What the dialects share: the shape of an export, and names of images that are unique per step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows a trajectory gives in one dialect, and its steps left out, by reason."""

    rows: tuple[dict[str, Any], ...]
    dropped: dict[str, int] = field(default_factory=dict)


def image_name(trajectory_id: str, index: int) -> str:
    """The file name of a step's screenshot; readers merge steps whose images share a name."""
    return f"{trajectory_id}_{index}.png"
