"""`trawl support-bundle`: one archive for somebody who helps, without secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector import support
from collector.cli import render
from collector.cli.options import AsJson
from infra import doctor, settings
from infra.clock import SystemClock
from infra.files import publish

app = typer.Typer(add_completion=False, help="One archive for somebody who helps.")


@app.callback(invoke_without_command=True)
def bundle(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="the tar.gz to write; else below TRAWL_HOME")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="start no program to look at it")] = False,
    as_json: AsJson = False,
) -> None:
    """Doctor, settings, versions, fleet, the last 2,000 events, the end of the controller's log.

    Passwords and tokens are taken out; what screens showed is not in it.
    """
    loaded, now = settings.load(), SystemClock().now_ns()
    probes = doctor.installation_probes()
    probes = probes if quick else [*probes, *doctor.host_probes(loaded)]
    with render.progress("support-bundle", len(probes)) as progress:
        made = support.parts(
            loaded, lambda: [check.as_record() for check in doctor.examine(probes, progress)]
        )
        data = support.archive(made, support.redactor(loaded), now)
    path = out or loaded.home / "support" / support.file_name(now)
    publish(path, data, 0o600)
    if as_json:
        render.document({"file": str(path), "size_bytes": len(data),
                         "parts": [part.name for part in made]})  # fmt: skip
        return
    render.echo(f"{path}: {len(data)} bytes; look through it before you send it")
