"""What a machine was started from, kept beside it: whoever finds it again can freeze it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from infra.errors import Corrupt
from infra.files import publish
from infra.hypervisor.shape import Memory, Place, Shape

NAME: Final = "blueprint.json"


@dataclass(frozen=True, slots=True)
class Origin:
    """The image a machine came from, and the template it was forked from, if any."""

    image: str
    sha256: str
    directory: str
    template: str = ""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Hardware, backing disk, origin and memory of one machine."""

    shape: Shape
    backing: str
    origin: Origin
    memory: Memory | None

    def save(self, place: Place) -> None:
        """Keep it with the machine."""
        stored = asdict(self)
        if self.memory is not None:
            stored["memory"]["file"] = str(self.memory.file)
        publish(place.directory / NAME, json.dumps(stored).encode(), 0o600)

    @classmethod
    def load(cls, place: Place) -> Blueprint:
        """The blueprint of the machine at `place`. Raises Corrupt."""
        path = place.directory / NAME
        try:
            stored = json.loads(path.read_bytes())
            memory = stored["memory"]
            return cls(
                Shape(**stored["shape"]),
                str(stored["backing"]),
                Origin(**stored["origin"]),
                Memory(Path(memory["file"]), bool(memory["shared"])) if memory else None,
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Corrupt(f"{path} does not say what the machine is", subject=str(path)) from error
