"""`trawl serve`: the dashboard and its API, and the tokens that open them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from collector.cli import render
from collector.cli.options import AsJson
from infra import settings as settings_module
from infra.errors import Unavailable

if TYPE_CHECKING:
    from collector.dash.access.tokens import Tokens

app = typer.Typer(add_completion=False, invoke_without_command=True, help="The dashboard.")
token = typer.Typer(no_args_is_help=True, help="Who may open it, and what they may do.")
app.add_typer(token, name="token")
PORT: Final = 8710
Name = Annotated[str, typer.Argument(help="whose token it is")]


@app.callback()
def serve(
    ctx: typer.Context,
    bind: Annotated[str, typer.Option(help="the address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free")] = PORT,
    name: Annotated[list[str] | None, typer.Option(help="another name it answers to")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="a certificate, PEM")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="its key, PEM")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="a proxy of this host ends TLS in front of it")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Serve the dashboard until Ctrl-C; on loopback, unless others cannot listen."""
    if ctx.invoked_subcommand is not None:
        return
    try:
        from collector.dash.access.surface import surface
        from collector.dash.running import run
    except ModuleNotFoundError as error:
        raise Unavailable(f"{error.name} is not installed", "pip install 'trawl[serve]'") from error
    asked = surface(bind, port, name or [], tls_cert, tls_key, behind_proxy=behind_proxy)

    def tell(address: str, file: Path) -> None:
        if as_json:
            render.json_line({"address": address, "token_file": str(file)})
            return
        render.echo(f"{address}")
        render.echo(
            f"  the first token: cat {file}; others: trawl serve token add NAME --role ROLE"
        )

    run(settings_module.load(), asked, tell)


@token.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="viewer, annotator, operator or admin")] = "viewer",
    as_json: AsJson = False,
) -> None:
    """Make a token and print it: it is shown this once."""
    made = _tokens().add(name, role)
    if as_json:
        render.document({"name": name, "role": role, "token": made})
        return
    render.echo(made)


@token.command("list")
def list_(as_json: AsJson = False) -> None:
    """Whose tokens there are."""
    rows = [kept.as_record() for kept in _tokens().listed()]
    if as_json:
        render.document({"tokens": rows})
        return
    render.table(["name", "role", "id"], [list(row.values()) for row in rows])


@token.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Take a token away; the sessions that it opened end with it."""
    _tokens().remove(name)
    if as_json:
        render.document({"removed": name})
        return
    render.echo(f"{name} is let in no more")


def _tokens() -> Tokens:
    from collector.dash.access.keeper import PLACE
    from collector.dash.access.tokens import Tokens

    return Tokens(settings_module.load().home / PLACE)
