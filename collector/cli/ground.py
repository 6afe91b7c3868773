"""`trawl ground`: recordings to grounding samples and trajectories."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from collector.cli import icons, render
from collector.cli.options import AsJson, From
from infra import settings
from infra.errors import NotFound

app = typer.Typer(no_args_is_help=True, help="Recordings to grounding samples and trajectories.")
app.add_typer(icons.app, name="icons")
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
def stats(as_json: AsJson = False) -> None:
    """What the last build kept, and what it left out and why."""
    from grounding.build import directory

    path = directory(settings.load().home) / "stats.json"
    try:
        figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound("nothing has been grounded yet", "trawl ground build") from error
    if as_json:
        render.document(figures)
        return
    render.table(["figure", "value"], [[name, figures[name]] for name in FIGURES])
    for name, title in COUNTS:
        counts = figures[name]
        if counts:
            render.echo()
            rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:20]
            render.table([title, "count"], rows)
    render.echo()
    render.table(["dialect", "rows", "left out"], _dialects(figures["dialects"]))


def _dialects(dialects: dict[str, dict[str, int]]) -> list[list[object]]:
    """One row per dialect: what it holds, and what it could not say."""
    rows: list[list[object]] = []
    for name, counts in dialects.items():
        lost = ", ".join(f"{reason} {n}" for reason, n in counts.items() if reason != "rows")
        rows.append([name, counts.get("rows", 0), lost or "nothing"])
    return rows
