"""`trawl config`: the settings and where each came from."""

from __future__ import annotations

from typing import Annotated

import typer

from collector.cli import render
from collector.cli.options import AsJson
from collector.views import config as view
from infra import settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Settings: defaults < config.toml < TRAWL_*."
)


@app.callback()
def _config() -> None:
    """Settings: defaults < config.toml < TRAWL_*."""


@app.command()
def show(
    origin: Annotated[bool, typer.Option("--origin", help="say where each came from")] = False,
    as_json: AsJson = False,
) -> None:
    """Every setting and its value."""
    rows = view.shown(settings.load())
    if as_json:
        render.document(rows)
        return
    columns = ["setting", "value", "from"] if origin else ["setting", "value"]
    render.table(columns, [[n, r["value"], r["origin"]][: len(columns)] for n, r in rows.items()])
