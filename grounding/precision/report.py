"""What a check found, in one document: every measure, before and after the gates, and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grounding.precision import reading, verdicts
from grounding.samples import publish_document


def directory(home: Path) -> Path:
    """Where checks, sheets and verdicts lie."""
    return home / "samples" / "precision"


def write(home: Path, seed: int, measures: Mapping[str, Any]) -> dict[str, Any]:
    """Write `report.json` of these measures, with what people said so far, and return it."""
    out = directory(home)
    report = {"seed": seed, **measures, "people": verdicts.figures(out)}
    publish_document(out / "report.json", report)
    return report


def figures(report: Mapping[str, Any]) -> list[list[object]]:
    """The report in rows for people: what, before the gates, after them, of how many."""
    rows: list[list[object]] = []
    if (pressed := report["presses"]) is not None:
        after = pressed["after"]
        rows.append(
            ["named when pressed", pressed["before"]["share"], after["share"], after["count"]]
        )
        rows.append(["said nothing when pressed", None, None, after["silent"]])
        rows.append(
            ["told only what the press did elsewhere", None, None, after.get("elsewhere", 0)]
        )
    if (pages := report["pages"]) is not None:
        after = pages["after"]
        rows.append(
            ["where Chromium has it", pages["before"]["share"], after["share"], after["count"]]
        )
    if (ocr := report["ocr"]) is not None:
        after, worst = ocr["after"], reading.worst(ocr)
        rows.append(["box reads as name", ocr["before"]["share"], after["share"], after["count"]])
        rows.append(["perfect crop reads as name", None, ocr["ceiling"], after["count"]])
        if worst is not None:
            rows.append([f"worst: {worst['program']}", None, worst["share"], worst["count"]])
    people = report["people"]
    rows.append(["right, say people", None, people["share"], people["judged"]])
    return rows
