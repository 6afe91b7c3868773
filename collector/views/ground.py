"""Grounding: what the last builds of samples and of icons kept, what they left out, how right it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from infra.errors import Corrupt, NotFound


def stats(home: Path) -> dict[str, Any]:
    """What the last build kept, and what it left out and why. Raises NotFound."""
    from grounding.build import directory

    path = directory(home) / "stats.json"
    return _document(path, "nothing has been grounded yet", "trawl ground build")


def icon_stats(home: Path) -> dict[str, Any]:
    """The same of the icon table. Raises NotFound."""
    from grounding.icons.build import directory

    path = directory(home) / "stats.json"
    return _document(path, "no icon table has been built yet", "trawl ground icons build")


def precision(home: Path) -> dict[str, Any]:
    """The last report of how right kept elements are. Raises NotFound."""
    from grounding.precision.report import directory

    path = directory(home) / "report.json"
    return _document(path, "no element has been checked yet", "trawl ground check")


def _document(path: Path, nothing: str, command: str) -> dict[str, Any]:
    """The document at `path`. Raises NotFound, saying `nothing` and the command that makes it; Corrupt."""
    try:
        figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(nothing, command) from error
    except ValueError as error:
        raise Corrupt(f"{path.name} is not JSON", command, str(path)) from error
    return figures
