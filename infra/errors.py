"""Every error Trawl raises on purpose: one root, a few families, each with a stable `kind`.

    TrawlError
    ├── UsageError        usage         exit 2   the caller asked for something malformed
    ├── NotFound          not_found     exit 3   a name or id that does not exist (nearest offered)
    ├── Conflict          conflict      exit 4   somebody else holds it, or it is in the wrong state
    ├── Denied            denied        exit 4   whoever asks may not
    ├── Unavailable       unavailable   exit 5   this host cannot do it now (missing program, no room)
    ├── Corrupt           corrupt       exit 1   stored bytes are not what was written
    ├── HostileInput      hostile       exit 1   a guest or a file exceeded a bound or broke a format
    ├── DeadlineExceeded  deadline      exit 1   no answer in time; whether it happened is unknown
    ├── InfraLost         infra_lost    exit 1   the machine or its host is gone
    ├── ActionRejected    rejected      exit 1   the machine is fine and refused this action
    └── Interrupted       interrupted   exit 130 a person or a signal stopped it

The fields travel positionally in `args`, so that every error survives pickling.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import ClassVar

MOST_NAMED = 24
"""A thousand machines are no help to whoever mistyped one."""


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, as an offer; where none is near, those there are."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"known: {', '.join(known[:MOST_NAMED]) or 'none'}{more}"


class TrawlError(Exception):
    """Root of all deliberate errors: what happened, about what, and what to do next."""

    kind: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "", subject: str = "") -> None:
        super().__init__(message, hint, subject)
        self.message = message
        self.hint = hint
        self.subject = subject

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def as_record(self) -> dict[str, str]:
        """The error envelope of `--json` output."""
        return {
            "kind": self.kind,
            "message": self.message,
            "hint": self.hint,
            "subject": self.subject,
        }


class UsageError(TrawlError):
    """The request is malformed: an unknown key, a value out of range, a missing option."""

    kind = "usage"
    exit_code = 2


class NotFound(TrawlError):
    """The named thing does not exist."""

    kind = "not_found"
    exit_code = 3

    @classmethod
    def among(cls, what: str, name: str, known: Iterable[str], hint: str = "") -> NotFound:
        """Say which `what` was not found and offer the nearest known name."""
        names = sorted(known)
        offer = nearest(name, names)
        return cls(f"no {what} named {name!r}", "; ".join(h for h in (offer, hint) if h), name)


class Conflict(TrawlError):
    """Somebody else holds it, or its state does not allow this."""

    kind = "conflict"
    exit_code = 4


class Denied(TrawlError):
    """Whoever asks may not: nobody is signed in, or their role is too low."""

    kind = "denied"
    exit_code = 4


class Unavailable(TrawlError):
    """This host cannot do it now: a program is missing, there is no room, a service is down."""

    kind = "unavailable"
    exit_code = 5


class Corrupt(TrawlError):
    """Stored bytes are not the bytes that were written."""

    kind = "corrupt"


class HostileInput(TrawlError):
    """A guest or a file exceeded a bound or broke its format."""

    kind = "hostile"


class DeadlineExceeded(TrawlError):
    """No answer came in time; whether the request took effect is unknown."""

    kind = "deadline"


class InfraLost(TrawlError):
    """The machine, or the host under it, is gone."""

    kind = "infra_lost"


class ActionRejected(TrawlError):
    """The machine is fine and refused this action; nothing was applied."""

    kind = "rejected"


class Interrupted(TrawlError):
    """A person or a signal stopped the work."""

    kind = "interrupted"
    exit_code = 130
