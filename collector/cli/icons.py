"""`trawl ground icons`: icons of screens, themes and programs to one table with its samples."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from collector.cli import counts, render
from collector.cli.options import AsJson
from infra import settings

if TYPE_CHECKING:
    from grounding.icons.files import Tree
    from infra.progress import Progress

app = typer.Typer(no_args_is_help=True, help="Icons of screens and themes to one table.")
FIGURES = ["icons", "pictures", "meanings", "concepts", "several_meanings", "with_function"]
COUNTS = (
    ("read", "read"),
    ("joined", "looked like one that was there"),
    ("sources", "icons come from"),
    ("themes", "themes"),
    ("licences", "licences"),
    ("languages", "languages of meanings"),
    ("said_by", "meanings come from"),
    ("samples", "samples"),
    ("dropped", "dropped"),
)
CORES = len(os.sched_getaffinity(0))


@app.callback()
def _icons() -> None:
    """Icons of screens and themes to one table."""


@app.command()
def build(
    shelf: Annotated[
        bool, typer.Option("--shelf/--no-shelf", help="also the open shelf's icon themes")
    ] = True,
    image: Annotated[
        list[str] | None, typer.Option("--image", help="built images; all by default")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=256, help="processes that draw")
    ] = CORES,
    allow_stand_ins: Annotated[
        bool, typer.Option("--allow-stand-ins", help="also recordings of the fake machine (tests)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build the icon table from recordings, images and the shelf."""
    from grounding.icons.build import build as build_table
    from grounding.icons.build import directory

    loaded = settings.load()
    with render.progress("icons", None) as progress:
        figures = build_table(
            loaded.home,
            lambda: _trees(loaded.cache, image, shelf, progress),
            workers,
            progress,
            allow_stand_ins=allow_stand_ins,
        ).as_record()
    if as_json:
        render.document({"directory": str(directory(loaded.home)), **figures})
        return
    render.echo(
        f"{figures['icons']} icons with {figures['meanings']} meanings in "
        f"{len(figures['languages'])} languages: {directory(loaded.home) / 'sheet.html'}"
    )


def _trees(cache: Path, names: Sequence[str] | None, shelf: bool, progress: Progress) -> list[Tree]:
    """The trees of the images that are built, and of the shelf's packages."""
    from corpus.shelf import Shelf, group
    from corpus.shelf.icons import OF_IMAGE, image_tree, package_tree
    from infra.images import image, reading

    found = [image.find(name, cache) for name in names] if names else _newest(cache)
    trees = []
    for one in found:
        progress.say(f"reading image {one.name}")
        root = reading.directories(one, OF_IMAGE, cache)
        trees.append(image_tree(one.name, root, one.manifest.packages))
    if shelf:
        brought = Shelf(cache / "shelf").bring(group("icons"), progress)
        trees.extend(package_tree(package) for package in brought)
    return trees


def _newest(cache: Path) -> list[Any]:
    """The newest image of each name."""
    from infra.images import image

    newest: dict[str, Any] = {}
    for one in image.every(cache):
        newest.setdefault(one.name, one)
    return [newest[name] for name in sorted(newest)]


@app.command()
def stats(as_json: AsJson = False) -> None:
    """What the last build of the table kept, and what it left out and why."""
    from collector.views import ground as view

    figures = view.icon_stats(settings.load().home)
    if as_json:
        render.document(figures)
        return
    counts.show(figures, FIGURES, COUNTS)
