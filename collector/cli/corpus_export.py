"""`trawl corpus export`: a finished corpus in the formats of other trainers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli import render
from collector.cli.options import AsJson
from infra import settings


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
