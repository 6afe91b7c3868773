"""Options that many commands share."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="one JSON document")]
From = Annotated[
    str,
    typer.Option(
        "--from", metavar="PLACE", help="another home, a storage's address, or the word storage"
    ),
]
