"""The counts that a build left: figures in one table, then each count's commonest rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from collector.cli import render

ROWS: Final = 20


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
