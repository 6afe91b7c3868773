"""`trawl db`: the database looked after: brought to our schema, read through, copied."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli import render
from collector.cli.options import AsJson
from infra import settings as settings_module
from infra.errors import Conflict
from infra.store import care, target_of

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The database.")
OutFile = Annotated[Path, typer.Argument(help="the file to write; it must not be there yet")]


@app.command()
def upgrade(as_json: AsJson = False) -> None:
    """Bring the database to this version's schema; it is copied before with `backup`."""
    from collector.fleet import client

    settings = settings_module.load()
    if client.is_up(settings):
        raise Conflict("a controller uses the database", "trawl fleet down, then again")
    before, after = care.upgrade(target_of(settings))
    if as_json:
        render.document({"before": before, "after": after})
        return
    has = before or "without a number"
    render.echo(f"schema {after}" if before == after else f"schema {after}, was {has}")


@app.command()
def check(as_json: AsJson = False) -> int:
    """Read the whole database and compare its tables with ours; exit 1 where something is wrong."""
    health = care.check(target_of(settings_module.load()))
    if as_json:
        render.document(health.as_record())
        return 1 if health.problems else 0
    render.echo(f"{health.database}  schema {health.revision or 'without a number'}")
    for problem in health.problems:
        render.echo(f"  {problem}")
    if health.rows:
        render.table(["table", "rows"], list(health.rows.items()))
    return 1 if health.problems else 0


@app.command()
def backup(out: OutFile, as_json: AsJson = False) -> None:
    """Copy the SQLite database to a file while others use it."""
    size_bytes = care.backup(target_of(settings_module.load()), out)
    if as_json:
        render.document({"file": str(out), "size_bytes": size_bytes})
        return
    render.echo(f"{out}: {size_bytes} bytes")
