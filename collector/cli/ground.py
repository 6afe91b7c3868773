"""`trawl ground`: recordings to grounding samples and trajectories."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from collector.cli import counts, icons, precision, render
from collector.cli.options import AsJson, From
from infra import settings

app = typer.Typer(no_args_is_help=True, help="Recordings to grounding samples and trajectories.")
app.add_typer(icons.app, name="icons")
for verb in (precision.check, precision.sheet, precision.verdicts):
    app.command()(verb)
FIGURES = [
    "recordings",
    "screens",
    "kept_screens",
    "elements",
    "elements_per_screen",
    "unreferred",
    "trajectories",
    "steps",
]
COUNTS = (
    ("refused", "recordings refused"),
    ("left_out", "screens left out"),
    ("dropped", "elements dropped"),
    ("roles", "roles"),
    ("data_types", "data types"),
    ("applications", "applications"),
    ("platforms", "platforms"),
    ("systems", "systems"),
    ("names", "names come from"),
    ("languages", "languages of names"),
    ("expressions", "expressions"),
    ("actions", "actions"),
    ("outcomes", "steps"),
    ("thought_flags", "thoughts left out"),
    ("thoughts_mended", "thoughts told again"),
)


@app.callback()
def _ground() -> None:
    """Recordings to grounding samples and trajectories."""


@app.command()
def build(
    allow_stand_ins: Annotated[
        bool, typer.Option("--allow-stand-ins", help="also recordings of the fake machine (tests)")
    ] = False,
    place: From = "",
    as_json: AsJson = False,
) -> None:
    """Ground every recording; built again it gives the same bytes."""
    from collector.source import source_of
    from envs.recording import reader
    from grounding.build import build as build_samples
    from grounding.build import directory

    configured = settings.load()
    home = configured.home
    source = source_of(place, configured)
    for problem in source.fetched():
        render.echo(f"left out: {problem}", err=True)
    total = sum(1 for _ in reader.directories(source.home))
    with render.progress("grounding", total) as progress:
        figures = build_samples(
            home, progress, allow_stand_ins=allow_stand_ins, recordings=source.home
        ).as_record()
    if as_json:
        render.document({"directory": str(directory(home)), **figures})
        return
    render.echo(
        f"{figures['elements']} elements on {figures['kept_screens']} screens, "
        f"{figures['steps']} steps in {figures['trajectories']} trajectories: {directory(home)}"
    )


@app.command()
def export(as_json: AsJson = False) -> None:
    """Draw the forms that trainers read, with their pictures, from what was built."""
    from grounding.build import directory
    from grounding.export import export as draw

    home = settings.load().home
    with render.progress("exporting", 0) as progress:
        counts = draw(home, progress).as_record()
    where = directory(home) / "dialects"
    if as_json:
        render.document({"directory": str(where), **counts})
        return
    render.table(["form", "rows", "left out"], _forms(counts))
    render.echo(f"from {counts['screens']} screens, {counts['trajectories']} goals: {where}")


@app.command()
def stats(as_json: AsJson = False) -> None:
    """What the last build kept, and what it left out and why."""
    from collector.views import ground as view

    figures = view.stats(settings.load().home)
    if as_json:
        render.document(figures)
        return
    counts.show(figures, FIGURES, COUNTS)


def _forms(counts: dict[str, Any]) -> list[list[object]]:
    """One row per form: what it holds, and what it could not say."""
    rows: list[list[object]] = []
    for name, written in counts["rows"].items():
        of = {
            key.partition("/")[2]: n
            for key, n in counts["dropped"].items()
            if key.startswith(f"{name}/")
        }
        rows.append([name, written, ", ".join(f"{why} {n}" for why, n in of.items()) or "nothing"])
    return rows
