"""`trawl NOUN VERB`: dispatch to one module per noun, and errors turned into exit codes.

A noun's module is imported only when it is spoken, so `trawl --help` loads nothing heavy. Each
module has `app: typer.Typer`; its commands return None and raise a TrawlError to fail.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import typer

from collector.cli import render, streams
from infra import disk
from infra.errors import Interrupted, NotFound, TrawlError, Unavailable, UsageError
from infra.visible import visible

NOUNS: Final[dict[str, str]] = {
    "doctor": "what this host can do, and what is missing",
    "image": "what desktop machines start from: build, verify, warm",
    "fleet": "pools of machines: plan, up, scale, status, down",
    "machine": "single machines: list, show, screen, recycle, drain, release, quarantine",
    "host": "hosts of one database: join, list, cordon, uncordon, forget",
    "env": "kinds of machine, and the conformance suite",
    "run": "collection runs: submit, list, show, graph, actions, follow, cancel, retry",
    "episode": "recordings: list, show, verify, publish, replay",
    "ground": "recordings to grounding samples and trajectories: build, check, sheet",
    "corpus": "samples to a mixture: shelf, build, verify, stats, why",
    "events": "what happened: tail",
    "db": "the database: upgrade, check, backup",
    "support-bundle": "one archive for somebody who helps, without secrets",
    "gallery": "a page to look at what was made",
    "serve": "the dashboard and its API, and the tokens that open them",
    "config": "settings and where each came from",
}

KEEPS: Final = frozenset({"image", "fleet", "run", "ground", "corpus", "support-bundle", "serve"})
"""Nouns whose commands write into the data directory."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says what became of it (see `infra.errors`)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        with streams.minded():
            return _told(arguments)
    except streams.ReaderGone:
        return streams.UNREAD


def _told(arguments: list[str]) -> int:
    """Run it, and say it where it fails."""
    try:
        return _dispatch(arguments)
    except (typer.Abort, KeyboardInterrupt):
        return Interrupted.exit_code
    except (TrawlError, OSError) as error:
        told = error if isinstance(error, TrawlError) else _full(error)
        _fail(told, as_json="--json" in arguments)
        return told.exit_code


def _full(error: OSError) -> TrawlError:
    """What to say of a full disk; any other fault of the system is no error of ours and is raised."""
    if not disk.is_full(error):
        raise error
    where = f" for {error.filename}" if error.filename else ""
    hint = "free some, then start again; what stood there before is as it was"
    return Unavailable(f"no room is left on the disk{where}", hint)


def _dispatch(arguments: list[str]) -> int:
    """Hand the words after the noun to its module. Raises NotFound with the nearest noun."""
    if not arguments or arguments[0] in {"--help", "-h"}:
        _usage()
        return 0 if arguments else 2
    if arguments[0] == "--version":
        render.echo(f"trawl {_version()}")
        return 0
    noun = arguments[0]
    if noun not in NOUNS:
        raise NotFound.among("command", noun, NOUNS)
    module = importlib.import_module(f"collector.cli.{noun.replace('-', '_')}")
    if noun in KEEPS and not {"--help", "-h"} & set(arguments):
        _take_home()
    command: Any = typer.main.get_command(module.app)
    try:
        answer = command.main(arguments[1:], prog_name=f"trawl {noun}", standalone_mode=False)
    except typer.TyperException as error:
        message: Any = error
        if "--json" in arguments:
            raise UsageError(message.format_message(), f"trawl {noun} --help") from error
        message.message = visible(message.message)  # it quotes the words it was given
        message.show()
        return int(message.exit_code)
    return answer if isinstance(answer, int) else 0


def _take_home() -> None:
    """Close the data directory to other users before anything is put there."""
    from infra import home, settings

    home.take(settings.load().home)


def _usage() -> None:
    render.echo("Usage: trawl NOUN VERB [OPTIONS]")
    render.echo()
    render.echo("Fleets of machines, collectors, and the mixtures that models train on.")
    render.echo()
    width = max(map(len, NOUNS))
    for noun, line in NOUNS.items():
        render.echo(f"  {noun:<{width}}  {line}")
    render.echo()
    render.echo("`trawl NOUN --help` lists a noun's verbs; `--json` prints one document.")
    render.echo("Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 conflict, 5 unavailable,")
    render.echo("6 partial, 130 interrupted, 141 its output is not read.")


def _version() -> str:
    try:
        return version("trawl")
    except PackageNotFoundError:
        return "not installed"


def _fail(error: TrawlError, *, as_json: bool) -> None:
    """Say what went wrong: one JSON document under `--json`, else two lines on stderr."""
    if as_json:
        render.document({"error": error.as_record()})
        return
    render.echo(f"error: {error.message}", err=True)
    if error.hint:
        render.echo(f"  hint: {error.hint}", err=True)
