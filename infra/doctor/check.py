"""One line of the doctor's answer, and how a probe becomes one.

What is looked at holds, is broken, or could not be looked at since what it is about is not there:
that is no proof and no failure, and it is said what would make it one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from infra.errors import NotFound, TrawlError
from infra.progress import Progress

State = Literal["holds", "broken", "unchecked"]
Weight = Literal["needed", "made", "told"]
"""`needed`: nothing works without it. `made`: a command makes it. `told`: good to know."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it is as it should be, what was seen and how, what mends it."""

    name: str
    state: State
    seen: str
    mend: str = ""
    weight: Weight = "needed"
    how: str = ""

    @property
    def ok(self) -> bool:
        """Whether it was seen to be as it should be."""
        return self.state == "holds"

    @property
    def stops(self) -> bool:
        """Whether this host cannot do its work because of it."""
        return not self.ok and self.weight == "needed"

    def as_record(self) -> dict[str, str | bool]:
        """The check in `--json` output."""
        return {"ok": self.ok, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Probe:
    """A check that is still to be made.

    `look` returns what it saw. It raises NotFound where there is nothing to look at, with the hint
    that brings it there, and any other error where it is not as it should be.
    """

    name: str
    look: Callable[[], str]
    mend: str = ""
    weight: Weight = "needed"
    how: str = ""

    def check(self) -> Check:
        """Look; an error is a finding, with the error's own hint before the general one."""
        try:
            return Check(self.name, "holds", self.look(), "", self.weight, self.how)
        except NotFound as error:
            return self._found("unchecked", error.message, error.hint)
        except TrawlError as error:
            return self._found("broken", error.message, error.hint)
        except Exception as error:  # noqa: BLE001 - what could not be looked at is not known to be fine
            return self._found("broken", f"{type(error).__name__}: {error}")

    def _found(self, state: State, seen: str, hint: str = "") -> Check:
        return Check(self.name, state, seen, hint or self.mend, self.weight, self.how)


def examine(probes: Iterable[Probe], progress: Progress) -> list[Check]:
    """Make every check in order."""
    checks = []
    for probe in probes:
        checks.append(probe.check())
        progress.advance()
    return checks
