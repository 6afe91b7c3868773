"""`trawl doctor`: what this host can do, and what is missing, with the command that mends it."""

from __future__ import annotations

from typing import Annotated

import typer

from collector.cli import render
from infra import doctor, settings
from infra.doctor import Check, Probe
from infra.errors import Unavailable
from infra.settings import Settings

app = typer.Typer(help="What this host can do, and what is missing.")


@app.callback(invoke_without_command=True)
def examine(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
    security: Annotated[
        bool, typer.Option("--security", help="each boundary, and how it was looked at")
    ] = False,
) -> None:
    """Start QEMU, libvirt and Chromium for a moment; look at room, places, images and packages.

    Exit code 5 where something is missing that nothing works without.
    """
    loaded = settings.load()
    probes = (
        [*doctor.boundary_probes(loaded)]
        if security
        else [*doctor.installation_probes(), *doctor.host_probes(loaded), _template(loaded)]
    )
    with render.progress("doctor", len(probes)) as progress:
        checks = doctor.examine(probes, progress)
    stopped = [check.name for check in checks if check.stops]
    if as_json:
        render.document({"ok": not stopped, "checks": [check.as_record() for check in checks]})
        raise typer.Exit(Unavailable.exit_code if stopped else 0)
    render.table(["check", "", "seen", "mend"], [_row(check) for check in checks])
    if stopped:
        raise Unavailable(f"not as it must be: {', '.join(stopped)}", "the last column mends it")


def _template(loaded: Settings) -> Probe:
    """Whether the image was warmed and frozen, as forks of it need."""

    def look() -> str:
        from envs.ubuntu import template

        return template.find(loaded.image, loaded.cache).name

    return Probe("template", look, "trawl image warm", "made")


def _row(check: Check) -> list[str]:
    state = "ok" if check.ok else "no" if check.stops else "later"
    return [check.name, state, check.detail, check.mend]
