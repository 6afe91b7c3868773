"""`trawl doctor`: what this host can do, and what is missing, with the command that mends it."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from collector.cli import render
from infra import doctor, settings
from infra.doctor import Check, Probe
from infra.doctor import security as walls
from infra.errors import Conflict, Unavailable
from infra.settings import Settings

SHOWN: Final = {"holds": "holds", "broken": "DOES NOT HOLD", "unchecked": "not checked"}
app = typer.Typer(help="What this host can do, and what is missing.")


@app.callback(invoke_without_command=True)
def examine(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
    security: Annotated[
        bool, typer.Option("--security", help="each boundary, and how it was looked at")
    ] = False,
) -> None:
    """Start QEMU, libvirt and Chromium for a moment; look at room, places, images and packages.

    Exit code 5 where something is missing that nothing works without, 4 where a boundary does not
    hold.
    """
    loaded = settings.load()
    if security:
        _look_at_boundaries(loaded, as_json=as_json)
        return
    probes = [*doctor.installation_probes(), *doctor.host_probes(loaded), _template(loaded)]
    with render.progress("doctor", len(probes)) as progress:
        checks = doctor.examine(probes, progress)
    stopped = [check.name for check in checks if check.stops]
    if as_json:
        render.document({"ok": not stopped, "checks": [check.as_record() for check in checks]})
        raise typer.Exit(Unavailable.exit_code if stopped else 0)
    render.table(["check", "", "seen", "mend"], [_row(check) for check in checks])
    if stopped:
        raise Unavailable(f"not as it must be: {', '.join(stopped)}", "the last column mends it")


def _look_at_boundaries(loaded: Settings, *, as_json: bool) -> None:
    """Say of each boundary whether it holds and how that was seen. Raises Conflict where not."""
    boundaries = walls.boundaries(loaded)
    with render.progress("doctor", len(boundaries)) as progress:
        findings = doctor.examine(boundaries, progress)
    broken = [finding.name for finding in findings if finding.state == "broken"]
    if as_json:
        render.document({"ok": not broken, "boundaries": [f.as_record() for f in findings]})
        raise typer.Exit(Conflict.exit_code if broken else 0)
    rows = [[f.name, SHOWN[f.state], f.seen, f.how, f.mend] for f in findings]
    render.table(["boundary", "", "seen", "how", "to do"], rows)
    if broken:
        raise Conflict(f"does not hold: {', '.join(broken)}", "the last column mends it")


def _template(loaded: Settings) -> Probe:
    """Whether the image was warmed and frozen, as forks of it need."""

    def look() -> str:
        from envs.ubuntu import template

        return template.find(loaded.image, loaded.cache).name

    return Probe("template", look, "trawl image warm", "made")


def _row(check: Check) -> list[str]:
    state = "ok" if check.ok else "no" if check.stops else "later"
    return [check.name, state, check.seen, check.mend]
