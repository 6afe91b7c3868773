"""`trawl machine`: single machines, their states with reasons, their screens."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any

import typer

from collector.cli import render
from collector.cli.options import AsJson
from infra import settings as settings_module
from infra.clock import SystemClock
from infra.errors import HostileInput
from infra.limits import SCREEN_PIXELS
from infra.store import events, leases, machines, open_store
from infra.store.rows import Machine

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Single machines.")
Name = Annotated[str, typer.Argument(help="its name or UUID")]


def _record(machine: Machine, now_ns: int) -> dict[str, Any]:
    return {
        "name": machine.name, "uuid": machine.uuid, "pool": machine.pool, "kind": machine.kind,
        "image": machine.image, "desired": machine.desired, "observed": machine.observed,
        "reason": machine.reason, "since_s": round((now_ns - machine.since_ns) / 1e9, 1),
        "seen_s": round((now_ns - machine.seen_ns) / 1e9, 1), "fence": machine.fence,
    }  # fmt: skip


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every machine with its state, why, and for how long."""
    settings, now = settings_module.load(), SystemClock().now_ns()
    with open_store(settings) as store, store.read() as tx:
        rows = [_record(m, now) for m in machines.alive(tx)]
    if as_json:
        render.document({"machines": rows})
        return
    render.table(
        ["name", "pool", "state", "for (s)", "reason"],
        [[r["name"], r["pool"], r["observed"], r["since_s"], r["reason"]] for r in rows],
    )


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """One machine: its state, its lease, what happened to it."""
    settings, now = settings_module.load(), SystemClock().now_ns()
    with open_store(settings) as store, store.read() as tx:
        machine = machines.get(tx, name)
        record = _record(machine, now)
        held = [lease for lease in leases.live(tx) if lease.machine == machine.uuid]
        past = events.after(tx, 0, subject=machine.uuid)
    record["lease"] = {"holder": held[0].holder, "fence": held[0].fence} if held else None
    record["events"] = [
        {"at_ns": e.at_ns, "kind": e.kind, "reason": e.reason, **e.payload} for e in past
    ]
    if as_json:
        render.document(record)
        return
    for key, value in record.items():
        if key != "events":
            render.echo(f"{key:9} {value}")
    render.table(
        ["ago (s)", "event", "state", "reason"],
        [[round((now - e.at_ns) / 1e9, 1), e.kind, e.payload.get("state", ""), e.reason]
         for e in past],
    )  # fmt: skip


@app.command()
def screen(
    name: Name,
    out: Annotated[Path, typer.Option("--out", "-o", help="the PNG file to write")],
    as_json: AsJson = False,
) -> None:
    """Write what a machine shows now to a PNG file."""
    import cv2
    import numpy as np

    from collector.fleet import client, service
    from infra.files import publish

    settings = settings_module.load()
    answer = service.ask(client.socket_path(settings), "screen", machine=name)
    width, height = int(answer["width"]), int(answer["height"])
    data = base64.b64decode(answer["rgb"])
    if width * height > SCREEN_PIXELS or len(data) != width * height * 3:
        raise HostileInput("the controller's screen is not what it says", subject=name)
    pixels = np.frombuffer(data, np.uint8).reshape(height, width, 3)
    publish(out, cv2.imencode(".png", pixels[:, :, ::-1])[1].tobytes())
    if as_json:
        render.document({"file": str(out), "width": width, "height": height})
        return
    render.echo(f"{out}: {width} by {height}")
