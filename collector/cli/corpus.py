"""`trawl corpus`: from samples and the open shelf to a mixture on disk, verified and explained."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from collector.cli import corpus_export, render
from collector.cli.options import AsJson
from infra import settings
from infra.clock import SystemClock

if TYPE_CHECKING:
    from corpus.build import Places
    from corpus.recipe import Recipe

app = typer.Typer(no_args_is_help=True, help="Samples to a mixture: shelf, build, verify.")
RecipeName = Annotated[str, typer.Argument(help="a recipe's file, or the name of a shipped one")]
CorpusName = Annotated[str, typer.Argument(help="a corpus under TRAWL_HOME/corpora")]
ExecutorName = Annotated[
    Literal["local", "ray"],
    typer.Option("--executor", help="processes of this host, or a cluster of Ray; equal bytes"),
]
Workers = Annotated[
    int, typer.Option("--workers", min=1, max=256, help="processes that read and draw")
]
app.command()(corpus_export.export)
app.command()(corpus_export.diff)
EXAMPLES_SHOWN = 2
CORES = len(os.sched_getaffinity(0))


@app.callback()
def _corpus() -> None:
    """Samples to a mixture: shelf, build, verify."""


def _places(workers: int = 1, executor: str = "local") -> Places:
    from corpus.build import Places

    loaded = settings.load()
    return Places(loaded.home, loaded.cache, workers, loaded.disk_floor_bytes, executor)


def _recipe(name: str) -> Recipe:
    from corpus import recipe

    return recipe.load(recipe.find(name))


@app.command()
def shelf(
    packages: Annotated[
        list[str] | None, typer.Argument(help="packages; those that the recipe reads by default")
    ] = None,
    recipe: Annotated[str, typer.Option(help="whose packages to bring")] = "first",
    as_json: AsJson = False,
) -> None:
    """Bring the open shelf's packages, verified, with their licences."""
    from collector.views import corpus as view
    from corpus.shelf import Shelf

    wanted = packages or _recipe(recipe).packages
    with render.progress("shelf", len(wanted)) as progress:
        brought = Shelf(settings.load().cache / "shelf").bring(wanted, progress)
    rows = [view.package(one) for one in brought]
    if as_json:
        render.document({"packages": rows})
        return
    render.table(
        ["package", "version", "files", "MiB", "licence"],
        [
            [
                r["package"],
                r["version"],
                r["files"],
                f"{int(str(r['bytes'])) / 2**20:.0f}",
                _licence(r),
            ]
            for r in rows
        ],
    )


def _licence(row: dict[str, Any]) -> str:
    return ", ".join(row["licences"]) or f"free text {row['licence_text_sha256'][:12]}"


@app.command()
def plan(name: RecipeName = "first", workers: Workers = CORES, as_json: AsJson = False) -> None:
    """What a build would take from each source."""
    from collector.views import corpus as view
    from corpus import beside
    from corpus import build as building

    recipe = _recipe(name)
    with render.progress(f"plan {recipe.name}") as progress:
        made = building.prepare(recipe, _places(workers), progress)
    record = view.planned(made)
    beside.planned(_places().home / "corpora", recipe, record, SystemClock().now_ns())
    if as_json:
        render.document(record)
        return
    _show_plan(record)


def _show_plan(record: dict[str, Any]) -> None:
    render.table(
        ["source", "category", "available", "planned", "share", ""],
        [
            [s["source"], s["category"], s["available_tokens"], s["planned_tokens"], f"{s['share']:.3f}",
             "exhausted" if s["exhausted"] else ""]
            for s in record["sources"]
        ],
    )  # fmt: skip
    for says in record["binds"]:
        render.echo(f"binds: {says}")
    for note in record["notes"]:
        render.echo(f"note: {note}")
    render.echo(f"{record['samples']} samples; about {record['disk_bytes'] >> 20} MiB on disk")


@app.command()
def schema() -> None:
    """The JSON schema of a recipe, for editors that check YAML by one."""
    from corpus.recipe import Recipe

    render.document(Recipe.model_json_schema())


@app.command()
def build(
    name: RecipeName = "first",
    workers: Workers = CORES,
    executor: ExecutorName = "local",
    as_json: AsJson = False,
) -> None:
    """Build a mixture; it takes the place of an older one when it is whole."""
    from collector.views import corpus as view
    from corpus import build as building

    recipe = _recipe(name)
    with render.progress(f"corpus {recipe.name}") as progress:
        built = building.build(recipe, _places(workers, executor), progress)
    if as_json:
        render.document(view.built(built))
        return
    _show(built.stats, drops=False)
    render.echo(f"corpus {built.root}")
    render.echo(f"manifest {built.sha256}")


@app.command()
def drop(
    what: Annotated[str, typer.Argument(help="a source, or what --by says")],
    name: Annotated[
        str, typer.Option("--corpus", help="a corpus under TRAWL_HOME/corpora")
    ] = "first",
    by: Annotated[
        str, typer.Option(help="source, licence, id, or any trait that quotas know")
    ] = "source",
    workers: Workers = CORES,
    as_json: AsJson = False,
) -> None:
    """Build a corpus again without a source: byte for byte what its recipe makes without it."""
    from collector.views import corpus as view
    from corpus import build as building

    with render.progress(f"corpus {name} without {what}") as progress:
        built = building.drop(_places(workers), name, by, what, progress)
    if as_json:
        render.document(view.built(built))
        return
    _show(built.stats, drops=False)
    render.echo(f"manifest {built.sha256}")


@app.command()
def verify(
    name: Annotated[
        str, typer.Argument(help="a corpus under TRAWL_HOME/corpora, or an export's directory")
    ] = "first",
    as_json: AsJson = False,
) -> None:
    """Read every byte of a corpus or an export and name what differs from its manifest."""
    from collector.views import corpus as view
    from corpus import beside
    from corpus.shards import manifest

    root = Path(name) if os.sep in name else _places().corpus(name)
    with render.progress(f"verify {name}") as progress:
        faults = manifest.verify(root, progress)
    if os.sep not in name:
        beside.verified(root, len(faults), SystemClock().now_ns())
    if faults:
        if not as_json:
            render.table(["file", "fault"], [[fault.path, fault.what] for fault in faults])
        raise view.differing(name, faults)
    answer = view.whole(root)
    if as_json:
        render.document(answer)
        return
    render.echo(
        f"{answer['files']} files, {answer['bytes']} bytes: every byte is as it was written"
    )


@app.command()
def stats(
    name: CorpusName = "first",
    drops: Annotated[bool, typer.Option("--drops", help="what was dropped and why")] = False,
    as_json: AsJson = False,
) -> None:
    """Tokens by text and image, category, source, language and licence."""
    from corpus import stats as statistics

    record = statistics.read(_places().corpus(name))
    if as_json:
        render.document(record)
        return
    _show(record, drops)


def _show(record: dict[str, Any], drops: bool) -> None:
    render.echo(
        f"{record['samples']} samples, {record['tokens']} tokens: {record['text_tokens']} of text, "
        f"{record['image_tokens']} of images; {record['captioned_pictures']} captioned pictures"
    )
    for label in ("category", "source", "language", "licence"):
        rows = record[f"by_{label}"]
        render.table(
            [label, "samples", "text", "image", "share"],
            [
                [n, r["samples"], r["text_tokens"], r["image_tokens"], f"{r['share']:.3f}"]
                for n, r in rows.items()
            ],
        )
    for note in record["plan"]["notes"]:
        render.echo(f"note: {note}")
    if drops:
        rows = [row for funnel in record["funnel"] for row in funnel["dropped"]]
        render.table(
            ["source", "step", "reason", "count", "for example"],
            [
                [
                    r["source"],
                    r["step"],
                    r["reason"],
                    r["count"],
                    "; ".join(r["examples"][:EXAMPLES_SHOWN]),
                ]
                for r in rows
            ],
        )


@app.command()
def why(
    sample: Annotated[str, typer.Argument(help="a sample's id, or its unique beginning")],
    name: Annotated[
        str, typer.Option("--corpus", help="a corpus under TRAWL_HOME/corpora")
    ] = "first",
    as_json: AsJson = False,
) -> None:
    """Where a sample came from, under which licence, and what was done to it."""
    from corpus import ledger

    entry = ledger.why(_places().corpus(name), sample)
    if as_json:
        render.document(entry)
        return
    licence = entry["licence"]
    changes = ["; ".join(f"{k}={v}" for k, v in change.items()) for change in entry["changes"]]
    render.table(
        ["what", "is"],
        [
            ["id", entry["id"]],
            ["source", f"{entry['source']} ({entry['category']}, {entry['kind']})"],
            ["package", f"{entry['package']} {entry['version']}"],
            ["file", f"{entry['file']} {entry['file_sha256']}"],
            ["licence", licence["name"] or f"free text, see {licence['text']}"],
            ["declared", licence.get("declared", "")],
            *[[f"change {n}", change] for n, change in enumerate(changes, 1)],
            ["tokens", f"{entry['text_tokens']} of text, {entry['image_tokens']} of images"],
            ["lies in", f"{entry['shard']} at {entry['offset']}, sequence {entry['sequence']}"],
        ],
    )
