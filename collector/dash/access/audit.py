"""Who did what: every unsafe action is an event of kind `audit.WHAT`, written with what it did."""

from __future__ import annotations

from typing import Any, Final

from collector.dash.access.who import Who
from infra.store import events
from infra.store.engine import Tx

REASON_CHARS: Final = 500


def note(
    tx: Tx, who: Who, what: str, subject: str, reason: str = "", *, at_ns: int, **more: Any
) -> None:
    """Say in the same transaction that `who` did `what` to `subject`, and why."""
    words = reason[:REASON_CHARS]
    events.add(tx, at_ns, f"audit.{what}", subject, words, by=who.name, role=who.role, **more)
