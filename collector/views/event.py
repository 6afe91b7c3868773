"""The event log: what happened, to whom, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from infra.store import Tx, events, machines
from infra.store.rows import Event

KINDS: Final = ("machine", "lease", "run", "episode", "step", "host", "pool", "fleet", "office",
                "verdict", "audit")  # fmt: skip
"""What the log has events of: each is the first word of several kinds."""


def record(event: Event) -> dict[str, Any]:
    """An event in one row."""
    return {"id": event.id, "at_ns": event.at_ns, "kind": event.kind, "subject": event.subject,
            "reason": event.reason, "payload": event.payload}  # fmt: skip


def board(tx: Tx, found: Sequence[Event]) -> list[dict[str, Any]]:
    """Events, newest first, with the names of machines where the log has their numbers."""
    names = machines.names(
        tx, {e.subject for e in found if e.kind.startswith(("machine.", "lease."))}
    )
    return [record(event) | {"name": names.get(event.subject, "")} for event in reversed(found)]


def subject_of(tx: Tx, said: str) -> str:
    """What the log calls a machine of that name; anything else is called what it is."""
    named = [m.uuid for m in machines.alive(tx) if m.name == said]
    return named[0] if named else said


def page(
    tx: Tx, *, most: int, kind: str = "", subject: str = "", before: int | None = None
) -> list[dict[str, Any]]:
    """The newest events of a kind and about a subject, before an id; newest first."""
    whom = subject_of(tx, subject) if subject else None
    return board(tx, events.newest(tx, most, whom, kind or None, before))
