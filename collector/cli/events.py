"""`trawl events`: the log of what happened, as it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from collector.cli import render
from collector.cli.options import AsJson
from collector.views import event as view
from infra import settings as settings_module
from infra.clock import Clock, SystemClock
from infra.errors import UsageError
from infra.store import Store, events, open_store
from infra.store.rows import Event

app = typer.Typer(no_args_is_help=True, add_completion=False, help="What happened.")
Subject = Annotated[str | None, typer.Option(help="only of this machine's UUID, run or host")]
Kind = Annotated[str | None, typer.Option(help="only of this kind: lease.acquired, or lease")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="go on until Ctrl-C")]
POLL_S: Final = 0.5


@app.callback()
def _events() -> None:
    """What happened."""


@app.command()
def tail(
    follow: Follow = False,
    subject: Subject = None,
    kind: Kind = None,
    last: Annotated[int, typer.Option(min=0, max=100_000, help="so many to begin with")] = 20,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="one JSON object a line")] = False,
    as_json: AsJson = False,
) -> None:
    """The last events, oldest first."""
    if as_json and (follow or jsonl):
        raise UsageError("--json is one document, which does not go on", "use --jsonl alone")
    with open_store(settings_module.load()) as store:
        found = _found(store, SystemClock(), subject, kind, last, follow=follow)
        if as_json:
            render.document({"events": [view.record(event) for event in found]})
            return
        show: Callable[[Event], None] = _line if not jsonl else _json_line
        for event in found:
            show(event)


def _found(
    store: Store, clock: Clock, subject: str | None, kind: str | None, last: int, *, follow: bool
) -> Iterator[Event]:
    """The last events; then, when following, each that comes."""
    with store.read() as tx:
        seen = events.last_id(tx)
        news = events.newest(tx, last, subject, kind)
    yield from news
    while follow:
        with store.read() as tx:
            news = events.after(tx, seen, subject=subject, kind=kind)
        yield from news
        seen = news[-1].id if news else seen
        if not news:
            clock.sleep(POLL_S)


def _json_line(event: Event) -> None:
    render.json_line(view.record(event))


def _line(event: Event) -> None:
    at = datetime.fromtimestamp(event.at_ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S")
    payload = " ".join(f"{key}={value}" for key, value in event.payload.items())
    words = f"{at}  {event.kind:<17} {event.subject}  {event.reason}  {payload}".rstrip()
    render.echo(words)
