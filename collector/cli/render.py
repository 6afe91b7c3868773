"""What reaches a person's terminal: the one place that prints.

Text from guests, pages and files is stripped of escapes, control and bidirectional characters, and
stays on its line, before a person sees it; `--json` output stays faithful, since JSON escapes what
could harm, but for numbers that JSON does not have: they are null.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra import documents
from infra.progress import Progress, open_progress
from infra.visible import one_line

PIPE_COLUMNS: Final = 200
"""How wide a table is where there is no terminal to fit it to."""


def echo(text: object = "", *, err: bool = False) -> None:
    """Print one line for a person."""
    stream = sys.stderr if err else sys.stdout
    stream.write(one_line(text) + "\n")
    stream.flush()


def document(value: Any) -> None:
    """Print the one JSON document of a `--json` command."""
    sys.stdout.write(documents.text(value, indent=2) + "\n")
    sys.stdout.flush()


def json_line(value: Any) -> None:
    """Print one line of a `--jsonl` command."""
    sys.stdout.write(documents.text(value) + "\n")
    sys.stdout.flush()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under column heads; an empty table says so."""
    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the count is read after the loop
        drawn.add_row(*(Text(one_line(cell)) for cell in row))
    if count == 0:
        echo("none")
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_COLUMNS)
    console.print(drawn)


def progress(what: str, total: int | None = None) -> AbstractContextManager[Progress]:
    """Progress of a long step on stderr: a bar on a terminal, plain lines elsewhere."""
    return open_progress(what, total)
