"""`trawl fleet`: pools of machines, from a file to running processes and back to nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from collector.cli import render
from collector.cli.options import AsJson
from collector.views import fleet as view
from collector.views.fleet import STATES
from infra import settings as settings_module
from infra.clock import Deadline, SystemClock
from infra.errors import DeadlineExceeded, Unavailable
from infra.limits import MOST_MACHINES
from infra.settings import Settings
from infra.store import Store, events, hosts, is_there, machines, open_store, pools
from infra.store.rows import Pool

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Pools of machines.")
FleetFile = Annotated[Path, typer.Option("--file", "-f", help="the fleet file")]
UP_S: Final = 300.0
DOWN_S: Final = 90.0


def _store(settings: Settings) -> Store:
    return open_store(settings)


@app.command()
def plan(file: FleetFile = Path("fleet.toml"), as_json: AsJson = False) -> None:
    """Show what `up` would change; touches nothing."""
    from collector.fleet import asked as ordering
    from collector.fleet import plan as planning
    from collector.fleet import wanted

    settings, now = settings_module.load(), SystemClock().now_ns()
    asked = wanted.load(file, settings.image)
    known, there, heard = [], Counter[str](), []
    if is_there(settings):
        with open_store(settings) as store, store.read() as tx:
            known, there, heard = pools.listed(tx), ordering.there(tx), hosts.listed(tx)
    changes = [c.as_record() for c in planning.changes(asked, known, there, heard, now)]
    if as_json:
        render.document({"pools": changes})
        return
    render.table(["pool", "there", "wanted", "change", "hosts", "keys"], map(_planned, changes))


def _planned(change: dict[str, Any]) -> list[object]:
    """One row of a plan."""
    where = " ".join(f"{host}:{count}" for host, count in change["hosts"].items())
    keys = "; ".join(f"{k['key']}: {_said(k['is'])} → {_said(k['becomes'])}"
                     for k in change["keys"])  # fmt: skip
    return [change["pool"], change["there"], change["wanted"], f"{change['change']:+d}",
            where or "-", keys or "-"]  # fmt: skip


def _said(value: object) -> object:
    return "unset" if value is None else value


@app.command()
def up(file: FleetFile = Path("fleet.toml"), as_json: AsJson = False) -> None:
    """Start what the file wants and end what it does not; twice is the same as once."""
    from collector.fleet import asked as ordering
    from collector.fleet import client, wanted

    settings, clock = settings_module.load(), SystemClock()
    asked = wanted.load(file, settings.image)
    store = _store(settings)
    with store.write() as tx:
        since = events.last_id(tx)
        ordering.up(tx, settings, asked, clock.now_ns())
    client.ensure(settings, clock)
    client.wake(settings)
    wait_for(settings, store, asked, since)
    _show(store, settings, as_json=as_json)


@app.command()
def scale(
    pool: Annotated[str, typer.Argument(help="its name")],
    count: Annotated[int, typer.Argument(min=0, max=MOST_MACHINES, help="so many machines")],
    as_json: AsJson = False,
) -> None:
    """Want so many machines of one pool; the next `up` goes by its file again."""
    from collector.fleet import asked as ordering
    from collector.fleet import client

    settings, clock = settings_module.load(), SystemClock()
    store = _store(settings)
    with store.write() as tx:
        since = events.last_id(tx)
        ordering.scale(tx, settings, pool, count, clock.now_ns())
        asked = pools.listed(tx)
    client.ensure(settings, clock)
    client.wake(settings)
    wait_for(settings, store, asked, since)
    _show(store, settings, as_json=as_json)


def wait_for(settings: Settings, store: Store, asked: list[Pool], since: int) -> None:
    """Until every pool has its machines resting or at work.

    Raises Conflict or Unavailable as soon as nothing more can come, DeadlineExceeded.
    """
    from collector.fleet import client
    from collector.fleet.arrival import Arrival, Look

    total, done = sum(pool.count for pool in asked), 0
    arrival, deadline = Arrival(asked), Deadline.after(SystemClock(), UP_S)
    with render.progress("fleet up", total) as bar:
        while True:
            with store.read() as tx:
                look = Look(machines.alive(tx), hosts.listed(tx), deadline.clock.now_ns())
                said = events.after(tx, since)
            since = said[-1].id if said else since
            arrival.hear(said)
            ready = sum(look.well(pool) for pool in asked)
            bar.advance(ready - done)
            done = ready
            extra = {m.pool for m in look.machines} - {p.name for p in asked}
            if done == total and not extra:
                return
            error = arrival.hopeless(look)
            if error is not None:
                raise error
            if client.has_ended(settings):
                raise Unavailable("the controller ended", "see run/controller.log")
            if deadline.is_past():
                raise DeadlineExceeded(
                    f"{done} of {total} machines came up",
                    "trawl machine list; see run/controller.log",
                )
            deadline.clock.sleep(0.2)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Machines by pool and state, and whether the controller answers."""
    settings = settings_module.load()
    _show(_store(settings), settings, as_json=as_json)


def _show(store: Store, settings: Settings, *, as_json: bool) -> None:
    from collector.fleet import client

    is_up = client.is_up(settings)
    with store.read() as tx:
        answer = view.status(tx, SystemClock().now_ns(), is_up=is_up)
    if as_json:
        render.document(answer)
        return
    render.echo(f"controller: {answer['controller']}")
    render.table(
        ["pool", "kind", "image", "wanted", *(s.lower() for s in STATES)],
        [[p["name"], p["kind"], p["image"] or "-", p["wanted"], *(p["states"][s] for s in STATES)]
         for p in answer["pools"]],
    )  # fmt: skip


@app.command()
def down(as_json: AsJson = False) -> int:
    """Bring the fleet to nothing on every host until the next `up`; exit 1 where a host is silent.

    What runs is interrupted, every machine removed, every controller ended.
    """
    from collector.fleet import client, downing

    settings, clock = settings_module.load(), SystemClock()
    store = _store(settings)
    with store.read() as tx:
        is_at_work = not pools.is_down(tx) or bool(machines.alive(tx, settings.host))
    if is_at_work:
        client.ensure(settings, clock)  # what a dead controller left here is removed by a new one
    with store.write() as tx:
        downing.want(tx, clock.now_ns())
    client.wake(settings)
    with render.progress("fleet down"):
        _wait_for_end(store, settings, Deadline.after(clock, DOWN_S))
    with store.read() as tx:
        left = Counter(machine.host for machine in machines.alive(tx))
    code = 1 if left else 0
    if as_json:
        render.document({"machines": left.total(), "hosts": dict(sorted(left.items()))})
        return code
    render.echo(f"down: {left.total()} machines left")
    for name, count in sorted(left.items()):
        render.echo(f"  {name} is silent and has {count}: they end when it is back;"
                    f" if it is gone, trawl host forget {name}")  # fmt: skip
    return code


def _wait_for_end(store: Store, settings: Settings, deadline: Deadline) -> None:
    """Until no host that speaks has anything left. Raises DeadlineExceeded."""
    from collector.fleet import client, downing

    while True:
        with store.read() as tx:
            waits_for = downing.going(tx, deadline.clock.now_ns())
        if not waits_for and client.has_ended(settings):
            return
        if deadline.is_past():
            raise DeadlineExceeded(
                f"the fleet did not end in time; still there: {', '.join(sorted(waits_for))}",
                "see run/controller.log there",
            )
        deadline.clock.sleep(0.2)
