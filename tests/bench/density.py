"""How much of a desktop is grounded: elements that `trawl ground build` keeps on a screen.

Counted on each kept screen of a desktop are the elements that a person can act on and the texts that
hold no other element, those in one place (IoU of 0.9 and more) once. Left out are desktops with no
window but their own. Pages of the web machine, where our own sites are, are no desktops.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from envs.types import Box
from grounding.build import build, directory
from grounding.samples import read_lines
from infra.errors import NotFound
from infra.progress import Progress
from tests.bench.recorded import recorded
from tests.bench.report import Report

SAME_PLACE: Final = 0.9
PAGES: Final = "web"
NOBODYS: Final = frozenset({"xfdesktop", "xfce4-panel"})
"""The desktop's own programs."""


def run(progress: Progress) -> Report:
    """Ground the recordings and count what each screen holds."""
    with recorded() as bench:
        build(bench.scratch, progress, allow_stand_ins=bench.stand_ins, recordings=bench.home)
        rows = list(read_lines(directory(bench.scratch) / "grounding.jsonl"))
    desktops = [row for row in rows if row["platform"] != PAGES]
    worked_on = [row for row in desktops if programs(row)]
    counts = [count(row["elements"]) for row in worked_on]
    if not counts:
        raise NotFound(
            "no recording holds a desktop that is worked on", "see: trawl run submit --help"
        )
    return Report(
        "density",
        {
            "elements_p50": statistics.median(counts),
            "elements_p10": sorted(counts)[len(counts) // 10],
            "elements_p90": sorted(counts)[len(counts) * 9 // 10],
            "screens": len(counts),
            "empty_desktops": len(desktops) - len(counts),
        },
        notes=(bench.what, *_by_program(worked_on)),
    )


def programs(row: Mapping[str, Any]) -> set[str]:
    """The programs with a window on a screen, the desktop's own apart."""
    return {window["app"] for window in row["windows"]} - NOBODYS


def count(elements: Sequence[Mapping[str, Any]]) -> int:
    """Elements to act on and texts that hold nothing, each place once."""
    holding = {element["parent"] for element in elements}
    places: list[Box] = []
    for element in elements:
        is_leaf_text = element["data_type"] == "text" and element["id"] not in holding
        box = Box(*element["bbox_px"])
        if (element["interactable"] or is_leaf_text) and all(
            box.iou(other) < SAME_PLACE for other in places
        ):
            places.append(box)
    return len(places)


def _by_program(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The median over the screens on which a program is in front, for each."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        front = next((window["app"] for window in row["windows"] if window["front"]), "")
        found[front or "no program"].append(count(row["elements"]))
    return [
        f"{statistics.median(counts):g} with {program} in front ({len(counts)} screens)"
        for program, counts in sorted(found.items())
    ]
