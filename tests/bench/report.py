"""What a bench says: figures with their unit in the name, and a peer where there is one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Report:
    """One bench's answer.

    `peer` names what we are measured against, in the same run and on the same work; `ratio` above
    1 means that we are ahead. Both are None where there is no peer.
    """

    name: str
    figures: dict[str, float | int | str]
    peer: str | None = None
    ratio: float | None = None
    notes: tuple[str, ...] = field(default=())
    """What a reader must know to read the figures, for people only."""

    def as_record(self) -> dict[str, Any]:
        """The report in `--json` output."""
        return {
            "name": self.name,
            "figures": self.figures,
            "peer": self.peer,
            "ratio": self.ratio,
        }
