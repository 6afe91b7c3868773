"""What people said about the elements of a sheet, kept beside it and counted.

A verdict on what no sheet shows is refused; the latest word on an element counts.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grounding.samples import publish_document
from infra.errors import NotFound, UsageError

Verdict = Literal["right", "wrong_box", "wrong_name", "unclear"]
VERDICTS: Final[tuple[Verdict, ...]] = ("right", "wrong_box", "wrong_name", "unclear")
MOST: Final = 10_000


class Said(BaseModel):
    """A file of verdicts, as the page writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sheet: str = Field(max_length=100)
    verdicts: dict[str, Verdict] = Field(max_length=MOST)


def take(file: Path, out: Path) -> dict[str, Any]:
    """Keep a file's verdicts beside the sheet in `out`; the figures of all that are kept.

    Raises NotFound where there is no sheet or no file, UsageError for another sheet's verdicts.
    """
    said, shown = _said(file), _sheet(out)
    strange = sorted(set(said.verdicts) - set(shown["ids"]))
    if said.sheet != shown["sheet"] or strange:
        raise UsageError(
            f"{file} is about another sheet", "judge the newest: trawl ground sheet", str(file)
        )
    kept = {**_kept(out), **said.verdicts}
    publish_document(out / "verdicts.json", kept)
    return figures(out)


def figures(out: Path) -> dict[str, Any]:
    """How many elements were judged, by verdict, and the share of right ones among the clear."""
    counts = Counter(_kept(out).values())
    clear = sum(counts.values()) - counts["unclear"]
    return {
        "judged": sum(counts.values()),
        **{verdict: counts[verdict] for verdict in VERDICTS},
        "share": round(counts["right"] / clear, 4) if clear else None,
    }


def _said(file: Path) -> Said:
    try:
        return Said.model_validate_json(file.read_bytes())
    except FileNotFoundError as error:
        raise NotFound(f"there is no {file}", "save it from the sheet", str(file)) from error
    except ValidationError as error:
        raise UsageError(
            f"{file} holds no verdicts", "save it from the sheet", str(file)
        ) from error


def _sheet(out: Path) -> dict[str, Any]:
    try:
        shown: dict[str, Any] = json.loads((out / "sheet.json").read_bytes())
    except FileNotFoundError as error:
        raise NotFound("no sheet has been drawn yet", "trawl ground sheet") from error
    return shown


def _kept(out: Path) -> dict[str, str]:
    path = out / "verdicts.json"
    kept: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}
    return kept
