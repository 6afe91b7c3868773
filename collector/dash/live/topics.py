"""What a page may listen to, and what events say to each topic.

A message is small: whom it is about (`key`), and how that is now. Of many events about one
subject in one look there is one message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from collector.fleet.deadlines import shown
from collector.views import run as run_views
from infra.errors import NotFound
from infra.store import machines, runs
from infra.store.engine import Tx
from infra.store.rows import Event


class Message(NamedTuple):
    """One topic's news of one subject; `data` is JSON on one line."""

    topic: str
    key: str
    data: str


Digest = Callable[[Tx, Sequence[Event], int], Iterable[dict[str, Any]]]
REASON_CHARS: Final = 300


def _machines(tx: Tx, news: Sequence[Event], now_ns: int) -> Iterable[dict[str, Any]]:
    """How each machine is that something happened to."""
    for uuid in _subjects(news, ("machine.", "lease.")):
        try:
            machine = machines.get(tx, uuid)
        except NotFound:
            continue
        yield {
            "key": uuid, "name": machine.name, "host": machine.host,
            "state": shown(machine.observed, machine.seen_ns, now_ns),
            "desired": machine.desired, "reason": machine.reason[:REASON_CHARS],
            "since_ms": machine.since_ns // 1_000_000,
        }  # fmt: skip


def _runs(tx: Tx, news: Sequence[Event], now_ns: int) -> Iterable[dict[str, Any]]:
    """How far each run is that something happened in."""
    del now_ns
    met = _subjects(news, ("run.", "episode.", "step."))
    tallies = runs.tallies(tx, met) if met else {}
    for run_id in met:
        try:
            summary = run_views.summary(runs.get(tx, run_id), tallies.get(run_id, {}))
        except NotFound:
            continue
        yield {"key": run_id} | {name: summary[name] for name in ("status", "done", "steps")}


def _hosts(tx: Tx, news: Sequence[Event], now_ns: int) -> Iterable[dict[str, Any]]:
    """Which hosts something happened to."""
    del tx, now_ns
    return ({"key": name} for name in _subjects(news, ("host.",)))


def _fleet(tx: Tx, news: Sequence[Event], now_ns: int) -> Iterable[dict[str, Any]]:
    """That machines or pools are not what they were."""
    del tx, now_ns
    if _subjects(news, ("fleet.", "pool.", "machine.", "host.")):
        yield {"key": "fleet"}


def _events(tx: Tx, news: Sequence[Event], now_ns: int) -> Iterable[dict[str, Any]]:
    """Each event, as it stands in the log."""
    del tx, now_ns
    for event in news:
        yield {
            "key": event.subject, "id": event.id, "at_ms": event.at_ns // 1_000_000,
            "kind": event.kind, "reason": event.reason[:REASON_CHARS],
        }  # fmt: skip


TOPICS: Final[dict[str, Digest]] = {
    "machines": _machines, "runs": _runs, "hosts": _hosts, "fleet": _fleet, "events": _events,
}  # fmt: skip


def digest(tx: Tx, topics: Iterable[str], news: Sequence[Event], now_ns: int) -> list[Message]:
    """What the events say to those topics."""
    return [
        Message(topic, said["key"], json.dumps(said, separators=(",", ":")))
        for topic in sorted(topics)
        for said in TOPICS[topic](tx, news, now_ns)
    ]


def _subjects(news: Sequence[Event], kinds: tuple[str, ...]) -> list[str]:
    """Each subject of those kinds once, in the order of its last event."""
    met = [event.subject for event in reversed(news) if event.kind.startswith(kinds)]
    return list(dict.fromkeys(met))[::-1]
