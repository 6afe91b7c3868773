"""`trawl run`: collection runs, from submission to the last episode."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli import render
from collector.cli.options import AsJson
from infra import settings as settings_module
from infra.clock import SystemClock
from infra.errors import Interrupted, Unavailable
from infra.ids import RandomIds
from infra.settings import Settings
from infra.store import Store, events, open_store, retries, runs
from infra.store.rows import Run

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Collection runs.")
RunId = Annotated[str, typer.Argument(help="the run's id")]
Attached = Annotated[bool, typer.Option("--attached", help="Ctrl-C cancels the run")]
POLL_S = 0.5
PARTIAL_EXIT = 6


def _store(settings: Settings) -> Store:
    return open_store(settings)


@app.command()
def submit(
    pool: Annotated[str, typer.Option(help="the pool whose machines are driven")],
    episodes: Annotated[int, typer.Option(min=1, max=100_000)] = 1,
    steps: Annotated[int, typer.Option(min=1, max=10_000, help="most steps an episode")] = 30,
    explorer: Annotated[
        str, typer.Option(help="who chooses the actions: walk, or walk=2,tree=1")
    ] = "walk",
    seed: Annotated[int, typer.Option(help="equal seeds choose alike")] = 0,
    follow: Annotated[bool, typer.Option("--follow", help="show progress to the end")] = False,
    attached: Attached = False,
    as_json: AsJson = False,
) -> None:
    """Plan a run; the controller works it off. With `--follow`, wait for its end."""
    from collector.submission import submit as submitted

    settings, clock = settings_module.load(), SystemClock()
    store = _store(settings)
    run = Run(RandomIds(clock).new("run"), pool, explorer, episodes, steps, seed,
              "queued", clock.now_ns(), None)  # fmt: skip
    submitted(store, settings, run)
    if follow:
        _follow(store, settings, run.id, attached=attached, as_json=as_json)
        return
    if as_json:
        render.document({"run": run.id, "follow": f"trawl run follow {run.id}"})
        return
    render.echo(f"{run.id} submitted; follow: trawl run follow {run.id}")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """The newest runs."""
    from collector.views import run as view

    with _store(settings_module.load()).read() as tx:
        rows = view.listed(tx)
    if as_json:
        render.document({"runs": rows})
        return
    columns = ["id", "pool", "explorer", "status", "done", "steps"]
    render.table(columns, [[r[c] for c in columns] for r in rows])


@app.command()
def show(run_id: RunId, as_json: AsJson = False) -> None:
    """One run and its episodes."""
    _show(_store(settings_module.load()), run_id, as_json=as_json)


@app.command()
def follow(run_id: RunId, attached: Attached = False, as_json: AsJson = False) -> None:
    """Show a run's progress until it ends; Ctrl-C only stops looking."""
    settings = settings_module.load()
    _follow(_store(settings), settings, run_id, attached=attached, as_json=as_json)


@app.command()
def cancel(run_id: RunId, as_json: AsJson = False) -> None:
    """Stop a run: its running episodes close as interrupted after their present step."""
    store = _store(settings_module.load())
    with store.write() as tx:
        runs.cancel(tx, run_id, SystemClock().now_ns())
    _show(store, run_id, as_json=as_json)


@app.command()
def retry(run_id: RunId, as_json: AsJson = False) -> None:
    """Queue an ended run's failed, lost and interrupted episodes again."""
    from collector.fleet import client

    settings = settings_module.load()
    store = _store(settings)
    with store.write() as tx:
        count = retries.retry(tx, run_id, SystemClock().now_ns())
    is_up = client.wake(settings)
    if as_json:
        render.document({"run": run_id, "episodes": count, "controller": "up" if is_up else "down",
                         "follow": f"trawl run follow {run_id}"})  # fmt: skip
        return
    render.echo(f"{count} episodes of {run_id} queued again; follow: trawl run follow {run_id}")
    if count and not is_up:
        render.echo("no controller is running: one that comes will do it (trawl fleet up)")


@app.command()
def graph(
    run_id: RunId,
    out: Annotated[Path | None, typer.Option("--out", help="where the page goes")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the run's states and the ways between them as one page, which opens from disk."""
    from collector.explore.graph import stored
    from collector.gallery.graph.page import draw

    settings = settings_module.load()
    with _store(settings).read() as tx:
        run = runs.get(tx, run_id)
    met = stored.read(stored.path_of(settings.home, run.id))
    page = draw(met, run.id, settings.home, (out or Path(f"{run.id}-graph.html")).absolute())
    if as_json:
        render.document(page.as_record())
        return
    size = page.size_bytes / 1e6
    render.echo(
        f"{page.page}: {page.shown} of {page.nodes} states, {page.edges} ways, {size:.1f} MB"
    )


@app.command()
def actions(
    run_id: Annotated[str, typer.Argument(help="the run's id; all recordings without")] = "",
    as_json: AsJson = False,
) -> None:
    """How often each action of the desktop and web spaces was used, zeros among them."""
    from collector.run_figures import FAMILIES
    from collector.views import run as view

    settings = settings_module.load()
    if run_id:
        with _store(settings).read() as tx:
            runs.get(tx, run_id)
    counted = view.actions(settings.home, run_id)
    if as_json:
        render.document(counted)
        return
    rows = [[row["action"], *("" if row[f] is None else row[f] for f in FAMILIES)]
            for row in counted["actions"]]  # fmt: skip
    render.table(["action", *FAMILIES], rows)
    for words, count in sorted(counted["variants"].items()):
        render.echo(f"{words}: {count}")


@app.command()
def tasks(as_json: AsJson = False) -> None:
    """The goals that the explorer `tasks` draws from: id, where, and the goal with its blanks."""
    from collector.views import run as view

    rows = view.tasks()
    if as_json:
        render.document({"tasks": rows})
        return
    columns = ["id", "where", "goal"]
    render.table(columns, [[r[c] for c in columns] for r in rows])


def _show(store: Store, run_id: str, *, as_json: bool) -> None:
    from collector.views import run as view

    with store.read() as tx:
        answer = view.shown(tx, settings_module.load().home, run_id)
    if as_json:
        render.document(answer)
        return
    render.echo(f"{run_id}  {answer['status']}  {answer['done']} episodes, {answer['steps']} steps")
    if (covered := answer["coverage"]) is not None:
        render.echo(
            f"looks: {covered['covered']} of {covered['possible']} pairs of values met, in"
            f" {covered['rows']} different looks"
        )
    render.echo(
        f"{answer['states']} states, {answer['new_states_per_min']:.1f} new states/min of"
        f" {answer['machine_s'] / 60:.1f} min machine time"
    )
    if answer["ended_early"]:
        render.echo(f"ended early: {answer['ended_early']}")
    columns = ["number", "status", "steps", "recording", "reason"]
    render.table(columns, [[e[c] for c in columns] for e in answer["episodes"]])


def _follow(
    store: Store, settings: Settings, run_id: str, *, attached: bool, as_json: bool
) -> None:
    """Progress from the event log until the run has ended; exit 6 where an episode failed."""
    with store.read() as tx:
        run = runs.get(tx, run_id)
    try:
        _watch(store, settings, run)
    except KeyboardInterrupt:
        if attached:
            with store.write() as tx:
                runs.cancel(tx, run_id, SystemClock().now_ns())
            raise Interrupted(f"{run_id} was cancelled", subject=run_id) from None
        raise Interrupted(
            f"{run_id} goes on without you", f"trawl run follow {run_id}", run_id
        ) from None
    _show(store, run_id, as_json=as_json)
    with store.read() as tx:
        ended, every = runs.get(tx, run_id), runs.episodes(tx, run_id)
    if ended.status != "completed" or any(e.status != "completed" for e in every):
        raise typer.Exit(1 if ended.status == "failed" else PARTIAL_EXIT)


def _watch(store: Store, settings: Settings, run: Run) -> None:
    from collector.fleet import client

    clock, seen, steps, silent = SystemClock(), 0, 0, 0
    with render.progress(f"run {run.id}", run.episodes * run.steps) as shown:
        while True:
            with store.read() as tx:
                news = events.after(tx, seen, subject=run.id)
                now = runs.get(tx, run.id)
                done = sum(e.steps for e in runs.episodes(tx, run.id))
            seen = news[-1].id if news else seen
            shown.advance(done - steps)
            steps = done
            for event in news:
                if event.kind == "episode.ended":
                    number, status = event.payload.get("number"), event.payload.get("status")
                    shown.say(f"episode {number} {status} {event.reason}".strip())
            if now.status not in runs.OPEN:
                return
            silent = 0 if news or client.is_up(settings) else silent + 1
            if silent * POLL_S > 10:
                raise Unavailable("the controller is gone", "trawl fleet up --file fleet.toml")
            clock.sleep(POLL_S)
