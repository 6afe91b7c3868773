"""The counts that a build left: figures in one table, then each count's commonest rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from collector.cli import render
from infra.errors import NotFound

ROWS: Final = 20


def read(path: Path, nothing: str, command: str) -> dict[str, Any]:
    """The document at `path`. Raises NotFound, saying `nothing` and the command that makes it."""
    try:
        figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(nothing, command) from error
    return figures


def show(
    figures: Mapping[str, Any], names: Sequence[str], counts: Sequence[tuple[str, str]]
) -> None:
    """Show the named figures, then the rows of each count that is not empty."""
    render.table(["figure", "value"], [[name, figures[name]] for name in names])
    for name, title in counts:
        if figures[name]:
            render.echo()
            rows = sorted(figures[name].items(), key=lambda item: (-item[1], item[0]))[:ROWS]
            render.table([title, "count"], rows)
