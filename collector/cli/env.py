"""`trawl env`: the kinds of machine, and the conformance suite against a live one."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from collector.cli import render
from collector.cli.options import AsJson
from collector.views import env as view
from envs import conformance, registry
from infra.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="Kinds of machine, and what each must keep.")


@app.callback()
def _env() -> None:
    """Kinds of machine, and what each must keep."""


@app.command("list")
def list_kinds(as_json: AsJson = False) -> None:
    """Every kind that can be opened here."""
    rows = view.listed()
    if as_json:
        render.document({"envs": rows})
        return
    render.table(
        ["kind", "from"], [[r["name"], "trawl" if r["built_in"] else "entry point"] for r in rows]
    )


@app.command()
def check(
    name: str,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE for the kind's factory")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Open a machine of that kind and run the conformance suite on it; exit 1 where it fails."""
    settings = dict(_pair(text) for text in setting or [])
    registry.factory(name)
    with render.progress(f"checking {name}", len(conformance.names()) + 1) as progress:
        report = conformance.check(
            name, lambda: registry.open_env(name, **settings), progress=progress
        )
    if as_json:
        render.document(report.as_record())
    else:
        _show(report)
    if not report.ok:
        raise typer.Exit(1)


def _pair(text: str) -> tuple[str, Any]:
    """`KEY=VALUE`, the value as a number where it is one."""
    key, equals, value = text.partition("=")
    if not equals or not key.isidentifier():
        raise UsageError(f"not a setting: {text!r}", "write --set KEY=VALUE", text)
    return key, int(value) if value.isdecimal() else value


def _show(report: conformance.Report) -> None:
    render.table(
        ["check", "outcome", "seconds", "detail"],
        [[r.name, r.outcome, f"{r.seconds:.2f}", r.detail] for r in report.results],
    )
    counts = report.counts
    render.echo(
        f"{report.env}: {counts['passed']} passed, {counts['failed']} failed,"
        f" {counts['skipped']} skipped"
    )
