"""One line of the doctor's answer, and how a probe becomes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from infra.errors import TrawlError
from infra.progress import Progress

Weight = Literal["needed", "made", "told"]
"""`needed`: nothing works without it. `made`: a command makes it. `told`: good to know."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it is as it should be, what was seen, what mends it."""

    name: str
    ok: bool
    detail: str
    mend: str = ""
    weight: Weight = "needed"

    @property
    def stops(self) -> bool:
        """Whether this host cannot do its work because of it."""
        return not self.ok and self.weight == "needed"

    def as_record(self) -> dict[str, str | bool]:
        """The check in `--json` output."""
        return {
            "name": self.name,
            "ok": self.ok,
            "detail": self.detail,
            "mend": self.mend,
            "weight": self.weight,
        }


@dataclass(frozen=True, slots=True)
class Probe:
    """A check that is still to be made: `look` returns what it saw, or raises."""

    name: str
    look: Callable[[], str]
    mend: str = ""
    weight: Weight = "needed"

    def check(self) -> Check:
        """Look; an error is a finding, with the error's own hint before the general one."""
        try:
            return self._found(self.look(), ok=True)
        except TrawlError as error:
            return self._found(error.message, error.hint)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the host is not fine
            return self._found(f"{type(error).__name__}: {error}")

    def _found(self, detail: str, hint: str = "", *, ok: bool = False) -> Check:
        return Check(self.name, ok, detail, "" if ok else hint or self.mend, self.weight)


def examine(probes: Iterable[Probe], progress: Progress) -> list[Check]:
    """Make every check in order."""
    checks = []
    for probe in probes:
        checks.append(probe.check())
        progress.advance()
    return checks
