"""`trawl machine`: single machines, their states with reasons, their screens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from collector.cli import render
from collector.cli.options import AsJson
from collector.fleet import orders, query
from collector.views import machine as view
from infra import settings as settings_module
from infra.clock import SystemClock
from infra.files import publish
from infra.store import open_store

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Single machines.")
Name = Annotated[str, typer.Argument(help="its name or UUID")]
Names = Annotated[list[str], typer.Argument(help="their names or UUIDs")]
Where = Annotated[str, typer.Option(help="only those meant by: state:parked pool:ubuntu host:here")]
Reason = Annotated[str, typer.Option(help="why; it is kept among the events")]
KEPT: Final = "machine.last_screen"
MIB: Final = 1 << 20
HEADS: Final = ("name", "pool", "host", "state", "desired", "for (s)", "age (s)", "own MiB",
                "step ms", "reason")  # fmt: skip


@app.command("list")
def list_(where: Where = "", as_json: AsJson = False) -> None:
    """Every machine with its state, why, and for how long."""
    meant = query.parse(where)
    settings, now = settings_module.load(), SystemClock().now_ns()
    with open_store(settings) as store, store.read() as tx:
        rows = view.listed(tx, now, meant)
    if as_json:
        render.document({"machines": rows})
        return
    render.table(HEADS, [_cells(r) for r in rows])


def _cells(r: dict[str, Any]) -> list[object]:
    """One row; nothing stands where nothing was measured."""
    private_mb, latency_ms = r["private_bytes"] // MIB or "", r["latency_ms"] or ""
    return [r["name"], r["pool"], r["host"], r["state"], r["desired"], r["since_s"], r["age_s"],
            private_mb, latency_ms, r["reason"]]  # fmt: skip


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """One machine: its state, its lease, what happened to it."""
    settings, now = settings_module.load(), SystemClock().now_ns()
    with open_store(settings) as store, store.read() as tx:
        record = view.show(tx, settings.home, name, now)
    if as_json:
        render.document(record)
        return
    for key, value in record.items():
        if key != "events":
            render.echo(f"{key:13} {value}")
    render.table(
        ["ago (s)", "event", "state", "reason"],
        [[view.ago_s(e["at_ns"], now), e["kind"], e.get("state", ""), e["reason"]]
         for e in record["events"]],
    )  # fmt: skip


@app.command()
def recycle(names: Names, reason: Reason = "", as_json: AsJson = False) -> None:
    """Replace machines by new ones; who works finishes its episode first."""
    _give("recycle", names, reason, as_json=as_json)


@app.command()
def drain(names: Names, reason: Reason = "", as_json: AsJson = False) -> None:
    """Give machines no new episode; they stay until released or recycled."""
    _give("drain", names, reason, as_json=as_json)


@app.command()
def release(names: Names, reason: Reason = "", as_json: AsJson = False) -> None:
    """Take machines into use again; one in quarantine goes, and its pool starts again."""
    _give("release", names, reason, as_json=as_json)


@app.command()
def quarantine(
    names: Names,
    reason: Annotated[str, typer.Option(help="what is wrong with them")],
    as_json: AsJson = False,
) -> None:
    """Take machines out of use for a reason; a resting one stays as it is, to be looked at."""
    _give("quarantine", names, reason, as_json=as_json)


def _give(order: orders.Order, names: list[str], reason: str, *, as_json: bool) -> None:
    """Write an order, wake the controller where one is up, say what is desired now."""
    from collector.fleet import client

    settings, now = settings_module.load(), SystemClock().now_ns()
    with open_store(settings) as store, store.write() as tx:
        rows = [view.record(m, now) for m in orders.give(tx, order, names, reason, now)]
    is_up = client.wake(settings)
    if as_json:
        render.document({"order": order, "controller": "up" if is_up else "down",
                         "machines": rows})  # fmt: skip
        return
    render.table(
        ["name", "state", "desired"], [[r["name"], r["state"], r["desired"]] for r in rows]
    )
    if not is_up:
        render.echo("no controller is running: one that comes will do it (trawl fleet up)")


@app.command()
def screen(
    name: Name,
    out: Annotated[Path, typer.Option("--out", "-o", help="the PNG file to write")],
    as_json: AsJson = False,
) -> None:
    """Write what a machine shows now to a PNG file; of one in quarantine, what it showed last."""
    from collector.views import screen as shown

    settings = settings_module.load()
    with open_store(settings) as store:
        seen = shown.now(store, settings, name)
    publish(out, seen.png, mode=0o600)
    if as_json:
        render.document({"file": str(out), "width": seen.width, "height": seen.height})
        return
    render.echo(f"{out}: {seen.width} by {seen.height}")
