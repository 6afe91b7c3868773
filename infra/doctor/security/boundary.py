"""A boundary: what must hold, how it is looked at, and what was found.

A boundary holds, does not hold, or could not be looked at now; the last is no proof and no failure,
and says what would make it one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from infra.errors import NotFound, TrawlError
from infra.progress import Progress

State = Literal["holds", "broken", "unchecked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one boundary."""

    name: str
    state: State
    seen: str
    how: str
    mend: str = ""

    def as_record(self) -> dict[str, str]:
        """The finding in `--json` output."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Boundary:
    """What is still to be looked at.

    `look` returns what it saw. It raises NotFound where there is nothing to look at, with the hint
    that brings it there, and any other error where the boundary does not hold.
    """

    name: str
    how: str
    look: Callable[[], str]
    mend: str

    def find(self) -> Finding:
        """Look. An error that nobody foresaw counts as broken: what is not known is not safe."""
        try:
            return Finding(self.name, "holds", self.look(), self.how)
        except NotFound as error:
            return Finding(self.name, "unchecked", error.message, self.how, error.hint)
        except TrawlError as error:
            return Finding(self.name, "broken", error.message, self.how, error.hint or self.mend)
        except Exception as error:  # noqa: BLE001 - it could not be looked at, and so is not known
            said = f"{type(error).__name__}: {error}"
            return Finding(self.name, "broken", said, self.how, self.mend)


def find_all(boundaries: Iterable[Boundary], progress: Progress) -> list[Finding]:
    """Look at each in order."""
    found = []
    for boundary in boundaries:
        found.append(boundary.find())
        progress.advance()
    return found
