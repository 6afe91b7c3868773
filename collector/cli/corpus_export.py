"""`trawl corpus export` and `diff`: a corpus in other trainers' formats, and against another one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli import render
from collector.cli.options import AsJson
from infra import settings

EXAMPLES_SHOWN = 2


def export(
    name: Annotated[str, typer.Argument(help="a corpus under TRAWL_HOME/corpora")] = "first",
    to: Annotated[str, typer.Option("--to", help="mds, mds-zstd, parquet or msgpack")] = "mds",
    out: Annotated[
        Path | None, typer.Option("--out", help="a directory; TRAWL_HOME/exports/NAME/FORMAT")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a corpus in the format of another trainer, every sample in its order."""
    from corpus import exports
    from corpus.shards import manifest

    loaded = settings.load()
    root = loaded.home / "corpora" / name
    place = out.absolute() if out else loaded.home / "exports" / name / to
    with render.progress(f"export {name}", manifest.read(root)["samples"]) as progress:
        done = exports.export(root, to, place, loaded.disk_floor_bytes, progress)
    if as_json:
        render.document(
            {"export": str(done.root), "to": to, "sha256": done.sha256, "samples": done.samples,
             "bytes": done.size_bytes}
        )  # fmt: skip
        return
    render.echo(f"{done.samples} samples, {done.size_bytes} bytes as {to}: {done.root}")
    render.echo(f"manifest {done.sha256}")


def diff(
    old: Annotated[str, typer.Argument(help="a corpus under TRAWL_HOME/corpora")],
    new: Annotated[str, typer.Argument(help="another")],
    as_json: AsJson = False,
) -> None:
    """Which samples entered, left, were made anew or moved from one corpus to another."""
    from collector.views import corpus as view

    found = view.compared(settings.load().home / "corpora", old, new)
    if as_json:
        render.document(found)
        return
    render.table(
        ["", "category", "source", "samples", "text", "image", "for example"],
        [
            [row["kind"], row["category"], row["source"], row["samples"], row["text_tokens"],
             row["image_tokens"],
             "" if row["kind"] == "stayed" else ", ".join(row["examples"][:EXAMPLES_SHOWN])]
            for row in found["rows"]
        ],
    )  # fmt: skip
