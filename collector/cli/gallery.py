"""`trawl gallery`: a page to look at what was made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli import render
from collector.cli.options import AsJson
from infra import settings

app = typer.Typer(no_args_is_help=True, help="A page to look at what was made.")
Out = Annotated[Path, typer.Option("--out", help="where the page goes")]


@app.callback()
def _gallery() -> None:
    """A page to look at what was made."""


@app.command()
def build(out: Out = Path("gallery"), as_json: AsJson = False) -> None:
    """Write index.html and its assets; it opens from disk, without a server or a network."""
    from collector.gallery.build import build as build_page

    with render.progress("gallery") as progress:
        made = build_page(settings.load().home, out.absolute(), progress)
    if as_json:
        render.document(made.as_record())
        return
    size = made.size_bytes / 1e6
    render.echo(
        f"{made.page}: {made.screens} screens, {made.trajectories} trajectories, {size:.1f} MB"
    )
