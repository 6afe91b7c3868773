"""`trawl episode`: recordings by name, step by step, and whether they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli import render
from collector.cli.options import AsJson, From
from infra import settings
from infra.errors import TrawlError, UsageError

app = typer.Typer(no_args_is_help=True, help="Recordings: list, show, verify, publish, replay.")


@app.callback()
def _episode() -> None:
    """Recordings: list, show, verify, publish, replay."""


@app.command("list")
def list_(
    run: Annotated[str, typer.Option("--run", help="only those of this run")] = "",
    place: From = "",
    as_json: AsJson = False,
) -> None:
    """Every episode, oldest first."""
    from collector.source import source_of
    from collector.views import episode as view

    rows = [view.row(directory) for directory in source_of(place, settings.load()).directories()]
    rows = [row for row in rows if not run or row["run"] == run]
    if as_json:
        render.document(rows)
        return
    render.table(view.COLUMNS, [[row[column] for column in view.COLUMNS] for row in rows])


@app.command()
def show(
    episode: str,
    step: Annotated[
        int | None, typer.Option("--step", help="one step in full, with what it changed")
    ] = None,
    place: From = "",
    as_json: AsJson = False,
) -> None:
    """One episode: where it came from and each of its steps."""
    from collector.source import source_of
    from collector.views import episode as view
    from envs.recording import reader

    directory = source_of(place, settings.load()).find(episode)
    if step is not None:
        from collector.cli import step_report

        one = view.step_of(reader.read(directory), step)
        said = view.step_shown(one, reader.blobs_of(directory))
        render.document(said) if as_json else step_report.show(said)
        return
    told = view.shown(directory)
    if as_json:
        render.document(told)
        return
    for key, value in {**view.row(directory), "reason": told["reason"]}.items():
        render.echo(f"{key:<10}{value}")
    columns = ["index", "action", "element", "outcome", "did", "settle_s", "why"]
    render.table(columns, [[row[column] for column in columns] for row in told["steps"]])


@app.command()
def verify(
    episode: Annotated[str, typer.Argument(help="an episode's id")] = "",
    all_: Annotated[bool, typer.Option("--all", help="every episode")] = False,
    place: From = "",
    as_json: AsJson = False,
) -> int:
    """Read everything an episode refers to and say what is not what was written."""
    from collector.source import source_of
    from collector.views import episode as view

    _one_or_all(episode, all_, "verify")
    source = source_of(place, settings.load())
    names = source.names() if all_ else [episode]
    reports = []
    with render.progress("verify", len(names)) as progress:
        for report in source.reports(names):
            reports.append(report)
            progress.advance()
    damaged = [report for report in reports if not report.is_whole]
    if as_json:
        render.document(view.verified(reports))
        return 1 if damaged else 0
    for report in damaged:
        for problem in report.problems:
            render.echo(f"{report.episode_id}: {problem}")
    steps = sum(report.steps for report in reports)
    render.echo(f"{len(reports)} episodes, {steps} steps, {len(damaged)} damaged")
    return 1 if damaged else 0


@app.command()
def publish(
    episode: Annotated[str, typer.Argument(help="an episode's id")] = "",
    all_: Annotated[bool, typer.Option("--all", help="every closed episode")] = False,
    as_json: AsJson = False,
) -> None:
    """Put closed episodes of this home on the shared storage; what differs there is put again."""
    from collector.fleet.mending import mend
    from collector.views import episode as view
    from envs.recording import reader
    from infra.clock import SystemClock
    from infra.ids import RandomIds

    _one_or_all(episode, all_, "publish")
    configured = settings.load()
    names = [episode]
    if all_:
        directories = reader.directories(configured.home)
        names = [directory.name for directory in directories if _is_closed(directory)]
    done = []
    with render.progress("publish", len(names)) as progress:
        for seal in mend(configured, names, SystemClock(), RandomIds()):
            done.append(seal)
            progress.advance()
    if as_json:
        render.document(view.published(done))
        return
    render.echo(f"{len(done)} episodes, {sum(seal.blobs for seal in done)} blobs are there")


@app.command()
def replay(
    episode: str,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="also where the screen is another by then")
    ] = False,
    place: From = "",
    as_json: AsJson = False,
) -> int:
    """Do an episode's actions again on a fresh machine of its kind; exit 1 where that parted."""
    from collector.cli import replay_report
    from collector.replay import replay as do_again
    from collector.source import source_of
    from envs.recording import reader
    from infra import home
    from infra.clock import SystemClock
    from infra.ids import RandomIds

    configured = settings.load()
    directory = source_of(place, configured).find(episode)
    home.take(configured.home)
    clock = SystemClock()
    with render.progress("replay", len(reader.read(directory).steps)) as progress:
        report = do_again(
            directory,
            configured.home,
            clock,
            RandomIds(clock),
            keep_going=keep_going,
            told=lambda _step: progress.advance(),
        )
    render.document(report.as_record()) if as_json else replay_report.show(report)
    return 0 if report.is_same else 1


def _is_closed(directory: Path) -> bool:
    from envs.recording import reader

    try:
        return reader.read(directory).close is not None
    except TrawlError:
        return False


def _one_or_all(episode: str, all_: bool, verb: str) -> None:
    if bool(episode) == all_:
        raise UsageError("name one episode or say --all", f"trawl episode {verb} --all")
