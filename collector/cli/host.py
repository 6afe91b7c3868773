"""`trawl host`: the hosts of one database, and the cluster that keeps their controllers up."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from collector.cli import render
from collector.cli.options import AsJson
from collector.views import host as view
from infra import settings as settings_module
from infra.clock import SystemClock
from infra.errors import UsageError
from infra.settings import Settings
from infra.store import hosts, open_store

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Hosts of one database.")
Name = Annotated[str, typer.Argument(help="the host's name")]
Head = Annotated[str, typer.Option(help="address:port of the head; empty: this host is the head")]
Address = Annotated[str, typer.Option(help="this host's own private address")]
DrainS = Annotated[float, typer.Option(min=0, help="episodes at work may go on for so long")]
CONTROLLER: Final = "collector.control"


@app.command()
def join(
    address: Address = "127.0.0.1",
    head: Head = "",
    cpus: Annotated[int | None, typer.Option(min=0, help="for corpus work; none: all")] = None,
    as_json: AsJson = False,
) -> None:
    """Start this host's node and, on every node, what keeps its controller running."""
    from infra.engine import cluster
    from infra.engine.hosts import hosts as supervised

    settings = settings_module.load()
    _shares(settings)
    if head:
        cluster.join(settings.home, head, address, cpus)
    else:
        head = cluster.lead(settings.home, address, cpus=cpus)
    cluster.connect(head, cluster.environment(settings.home))
    try:
        told = supervised(CONTROLLER)
    finally:
        cluster.disconnect()
    rows = [{"host": t.host, "pid": t.pid, "starts": t.starts} for t in told]
    if as_json:
        render.document(
            {"head": head, "token": str(cluster.token_at(settings.home)), "nodes": rows}
        )
        return
    render.echo(f"head {head}; other hosts: trawl host join --head {head} --address THEIRS")
    render.table(["host", "pid", "starts"], [list(r.values()) for r in rows])


def _shares(settings: Settings) -> None:
    """Raise UsageError unless this host has a name and a database that others can have too."""
    if not settings.database.get_secret_value():
        raise UsageError("several hosts need one database", "set TRAWL_DATABASE", "database")
    if "host" not in settings.model_fields_set:
        raise UsageError("this host has no name of its own", "set TRAWL_HOST", "host")


@app.command()
def leave(drain_s: DrainS = 60.0, as_json: AsJson = False) -> None:
    """Take this host out of the fleet; twice is the same as once.

    It gets nothing new; episodes at work may finish, then they are queued again for the others.
    Its machines are ended, its share is the others', its controller and its node of Ray end. A
    cluster of Ray ends with its head; the controllers of other hosts go on without it.
    """
    from collector.fleet import leaving
    from infra.engine import processes

    settings, clock = settings_module.load(), SystemClock()
    with render.progress("host leave"):
        stopped = processes.stop(settings.home)  # first, for it would start the controller again
        left = leaving.leave(settings, clock, drain_s)
    if as_json:
        render.document({"host": settings.host, "machines": left.machines,
                         "handed_over": left.handed_over, "node_processes": stopped})  # fmt: skip
        return
    render.echo(f"{settings.host} has left: {left.machines} machines ended,"
                f" {left.handed_over} episodes handed over")  # fmt: skip


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every host: when it last spoke, what it has, how many machines."""
    settings, now = settings_module.load(), SystemClock().now_ns()
    with open_store(settings) as store, store.read() as tx:
        rows = view.listed(tx, now)
    if as_json:
        render.document({"hosts": rows})
        return
    render.table(
        ["name", "spoke (s ago)", "runs", "memory (MiB)", "disk (MiB)", "cordoned", "machines"],
        [[r["name"], r["silent_s"], r["running"], r["memory_bytes"] >> 20, r["disk_bytes"] >> 20,
          "yes" if r["cordoned"] else "no", r["machines"]] for r in rows],
    )  # fmt: skip


@app.command()
def cordon(name: Name, as_json: AsJson = False) -> None:
    """Give a host no new machines; those that rest there end, those at work finish."""
    _cordon(name, cordoned=True, as_json=as_json)


@app.command()
def uncordon(name: Name, as_json: AsJson = False) -> None:
    """Give a host its share again."""
    _cordon(name, cordoned=False, as_json=as_json)


def _cordon(name: str, *, cordoned: bool, as_json: bool) -> None:
    with open_store(settings_module.load()) as store, store.write() as tx:
        hosts.cordon(tx, name, SystemClock().now_ns(), cordoned=cordoned)
    if as_json:
        render.document({"host": name, "cordoned": cordoned})
        return
    render.echo(f"{name}: {'cordoned' if cordoned else 'has its share again'}")


@app.command()
def forget(name: Name, as_json: AsJson = False) -> None:
    """Give up a host that is gone: its machines are lost now, its episodes queued again."""
    from collector.fleet import silence

    with open_store(settings_module.load()) as store, store.write() as tx:
        lost = silence.forget(tx, name, SystemClock().now_ns())
    if as_json:
        render.document({"host": name, "lost": lost})
        return
    render.echo(f"{name} is forgotten with {lost} machines")
